using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds what the index of a layout reaches, and removes the rest when it is old.</summary>
/// <remarks>
/// Manifests are read beside all writers. Then everyone is excluded, what the index lists since is read too, and all garbage goes in that one turn: nobody can list a manifest again of which half is gone.
/// What is young was written, or wanted, by a copy that can still be under way, and so is what it names.
/// </remarks>
internal sealed class LayoutGarbage(OciLayout layout, LayoutIndexFile index, LayoutBlobs blobs, LayoutGate gate, LayoutGarbageOptions options, TimeProvider time)
{
    private readonly LayoutReach _reach = new(layout, blobs);
    private readonly DateTimeOffset _start = time.GetUtcNow();

    private bool Removes => options.Mode is LayoutGarbageMode.Remove;

    internal async Task<LayoutGarbageResult> CollectAsync(CancellationToken cancellationToken)
    {
        ImageIndex listed = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        await _reach.AddListedAsync(listed.Manifests, cancellationToken).ConfigureAwait(false);
        using IDisposable? turn = Removes ? await gate.EnterAsync(cancellationToken).ConfigureAwait(false) : null;
        ImageIndex now = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        if (now.Digest != listed.Digest)
        {
            await _reach.AddListedAsync(now.Manifests, cancellationToken).ConfigureAwait(false);
        }

        return await SweepAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<LayoutGarbageResult> SweepAsync(CancellationToken cancellationToken)
    {
        DateTime cutoff = Before(options.GraceAge + LayoutBlobs.RenewalAge);
        (Digest Digest, FileInfo File)[] all = [.. blobs.List()];
        HashSet<Digest> young = [.. all.Where(blob => blob.File.LastWriteTimeUtc >= cutoff).Select(blob => blob.Digest)];
        foreach (Digest digest in young.Where(digest => !_reach.Contains(digest)).ToArray())
        {
            await _reach.AddNamedAsync(digest, cancellationToken).ConfigureAwait(false);
        }

        ILookup<bool, FileInfo> blobsByGarbage = all.ToLookup(blob => !_reach.Contains(blob.Digest) && !young.Contains(blob.Digest), blob => blob.File);

        // A copy that stands still makes its file no younger, and has it open.
        FileInfo[] partials = [.. blobs.ListPartials().Where(file => file.LastWriteTimeUtc < cutoff && !(Removes && LayoutLock.IsInUse(file.FullName)))];
        LayoutGarbageResult result = new()
        {
            ManifestCount = _reach.ManifestCount,
            KeptBlobCount = blobsByGarbage[false].Count(),
            KeptBytes = blobsByGarbage[false].Sum(file => file.Length),
            RemovedBlobCount = blobsByGarbage[true].Count(),
            RemovedBytes = blobsByGarbage[true].Sum(file => file.Length),
            RemovedPartialCount = partials.Length,
            RemovedPartialBytes = partials.Sum(file => file.Length),
        };
        foreach (FileInfo garbage in Removes ? blobsByGarbage[true].Concat(partials) : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            garbage.Delete();
        }

        return result;
    }

    // Without an index nothing would be reached, and all of it would go.
    private async Task<ImageIndex> ReadIndexAsync(CancellationToken cancellationToken) =>
        await index.ReadAsync(cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidContentException($"directory '{layout.Path}'", $"it has no '{OciLayout.IndexName}', so what its blobs are for is not known", remedy: "Name a layout.");

    private DateTime Before(TimeSpan age) => (age < _start - DateTimeOffset.UnixEpoch ? _start - age : DateTimeOffset.UnixEpoch).UtcDateTime;
}

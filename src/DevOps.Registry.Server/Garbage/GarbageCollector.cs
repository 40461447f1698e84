using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Finds what manifests reach, and removes the rest when it is old.</summary>
/// <remarks>
/// Nothing is stopped meanwhile. A manifest that comes while manifests are read names blobs that were wanted after the beginning, and what was wanted since
/// (beginning - grace age) stays; whether it was is looked at again under the lock under which a blob is wanted.
/// </remarks>
internal sealed class GarbageCollector(RegistryStorage storage, RegistryGarbageOptions options)
{
    private const string PartialPattern = ".*.partial";

    private readonly DateTimeOffset _start = storage.Options.TimeProvider.GetUtcNow();
    private readonly HashSet<Digest> _reached = [];

    private bool Removes => options.Mode is RegistryGarbageMode.Remove;

    internal async Task<RegistryGarbageResult> RunAsync(CancellationToken cancellationToken)
    {
        int manifests = await ReachAsync(cancellationToken).ConfigureAwait(false);

        // A walk through a whole disk waits for it all the time: on a thread of its own, so that no request waits for a thread.
        return await Task.Factory.StartNew(() => Sweep(manifests, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    private RegistryGarbageResult Sweep(int manifests, CancellationToken cancellationToken)
    {
        (int keptCount, long keptBytes, int removedCount, long removedBytes) = SweepBlobs(cancellationToken);
        if (Removes)
        {
            SweepMarks(cancellationToken);
        }

        (int uploadCount, long uploadBytes) = SweepUploads(cancellationToken);
        return new()
        {
            ManifestCount = manifests,
            KeptBlobCount = keptCount,
            KeptBytes = keptBytes,
            RemovedBlobCount = removedCount,
            RemovedBytes = removedBytes,
            RemovedUploadCount = uploadCount,
            RemovedUploadBytes = uploadBytes,
        };
    }

    private async Task<int> ReachAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        HashSet<Digest> read = [];
        foreach ((Digest digest, string mark) in Marks(RepositoryFolder.ManifestsName))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!read.Add(digest))
            {
                continue;
            }

            _reached.Add(digest);
            try
            {
                byte[] bytes = await File.ReadAllBytesAsync(storage.Blobs.PathOf(digest), cancellationToken).ConfigureAwait(false);
                string mediaType = await File.ReadAllTextAsync(mark, cancellationToken).ConfigureAwait(false);
                if (Digest.Compute(bytes, digest.Algorithm) != digest)
                {
                    throw new InvalidContentException($"manifest {digest}", "its file holds other bytes");
                }

                _reached.UnionWith(ManifestDocument.Parse(bytes, mediaType).Children.Select(child => child.Digest));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // It was deleted just now, or its content is gone: it reaches nothing that anybody could find out.
            }
        }

        return read.Count;
    }

    private (int KeptCount, long KeptBytes, int RemovedCount, long RemovedBytes) SweepBlobs(CancellationToken cancellationToken)
    {
        DateTimeOffset cutoff = Before(options.GraceAge + BlobFolder.RenewalAge);
        (int keptCount, long keptBytes, int removedCount, long removedBytes) = (0, 0, 0, 0);
        foreach ((Digest digest, FileInfo file) in storage.Blobs.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!file.Exists)
            {
                continue;
            }

            long length = file.Length;
            bool isGarbage = !_reached.Contains(digest) && file.LastWriteTimeUtc < cutoff.UtcDateTime;
            if (isGarbage && (!Removes || storage.Blobs.RemoveIfUnwantedSince(digest, cutoff)))
            {
                (removedCount, removedBytes) = (removedCount + 1, removedBytes + length);
            }
            else
            {
                (keptCount, keptBytes) = (keptCount + 1, keptBytes + length);
            }
        }

        return (keptCount, keptBytes, removedCount, removedBytes);
    }

    private void SweepMarks(CancellationToken cancellationToken)
    {
        foreach ((Digest digest, string mark) in Marks(RepositoryFolder.BlobsName))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!storage.Blobs.Holds(digest))
            {
                storage.Blobs.RemoveMarkIfGone(digest, mark);
            }
        }

        // What a process that was killed was writing.
        foreach (string partial in Directory.EnumerateFiles(storage.Directory, PartialPattern, SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(partial) < Before(options.UploadAge).UtcDateTime)
            {
                File.Delete(partial);
            }
        }
    }

    private (int Count, long Bytes) SweepUploads(CancellationToken cancellationToken)
    {
        (int count, long bytes) = (0, 0);
        foreach (string folder in storage.Uploads.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (storage.Uploads.RemoveIfAbandoned(folder, Before(options.UploadAge), options.Mode) is { } length)
            {
                (count, bytes) = (count + 1, bytes + length);
            }
        }

        return (count, bytes);
    }

    private DateTimeOffset Before(TimeSpan age) => age < _start - DateTimeOffset.UnixEpoch ? _start - age : DateTimeOffset.UnixEpoch;

    private IEnumerable<(Digest Digest, string Path)> Marks(string kind)
    {
        foreach (string path in storage.FindFolders(kind).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
        {
            if (Digest.TryParse($"{Path.GetFileName(Path.GetDirectoryName(path)!)}:{Path.GetFileName(path)}", out Digest? digest))
            {
                yield return (digest, path);
            }
        }
    }
}

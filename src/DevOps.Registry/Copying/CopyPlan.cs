using System.Collections.Immutable;
using System.Globalization;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a copy would do, before it does it: look at the bytes, then <see cref="ExecuteAsync"/> or leave it.</summary>
/// <remarks>
/// True of the moment in which it was made. A copy asks the target again for what it held, so content that went in between is sent, and for what is longer to send than to ask for, so content that came is not sent twice.
/// Manifests, blobs of up to 64 KiB and what is taken over from another repository are sent without another question.
/// </remarks>
public sealed class CopyPlan
{
    private readonly KeptManifests _source;
    private readonly IContentStore _target;
    private readonly CopyOptions _options;

    internal CopyPlan(KeptManifests source, IContentStore target, CopyOptions options) => (_source, _target, _options) = (source, target, options);

    /// <summary>Gets what was asked for, as the source has it.</summary>
    public required Descriptor SourceRoot { get; init; }

    /// <summary>Gets what arrives: the same, or the new index or the image that the choice of platforms made of it.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>Gets what is copied, in this order: first what was asked for, then referrers and cosign tags.</summary>
    public required ImmutableArray<PlannedRoot> Roots { get; init; }

    /// <summary>Gets what has to be moved: children before their parents. Of each piece of content here and below, media type, digest and size are given, and no more.</summary>
    public required ImmutableArray<Descriptor> Moves { get; init; }

    /// <summary>Gets what the target is asked to take over from another repository of the same registry. It may refuse, and then the bytes are moved.</summary>
    public required ImmutableArray<Descriptor> Mounts { get; init; }

    /// <summary>Gets what the target holds already.</summary>
    public required ImmutableArray<Descriptor> Held { get; init; }

    /// <summary>Gets the platforms that were chosen. Empty if no choice was asked for, or there is no index to choose from.</summary>
    public required ImmutableArray<Platform> Platforms { get; init; }

    /// <summary>Gets the manifests of the index that the choice of platforms left out.</summary>
    public required ImmutableArray<Descriptor> LeftOut { get; init; }

    /// <summary>Gets how many bytes have to be moved.</summary>
    public long MoveBytes => Sum(Moves);

    /// <summary>Gets how many bytes the target is asked to take over.</summary>
    public long MountBytes => Sum(Mounts);

    /// <summary>Gets how many bytes the target holds already.</summary>
    public long HeldBytes => Sum(Held);

    /// <summary>Copies as planned.</summary>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Stops the copy. What arrived stays, and no parent arrives before its children.</param>
    /// <returns>What was done for all roots together.</returns>
    /// <exception cref="ContentCopyException">One end failed; says which, and on what. Roots before that one are complete.</exception>
    public Task<CopyResult> ExecuteAsync(IProgress<ContentProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RegistrySpans.RunAsync("copy", [("oci.manifest.digest", Root.Digest.ToString())], () => ExecuteNowAsync(progress, cancellationToken));

    /// <summary>Returns what is to be copied and how much of it would be moved, as one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Root.Digest}: {Moves.Length} to move ({MoveBytes} bytes), {Mounts.Length} to mount ({MountBytes} bytes), {Held.Length} held already ({HeldBytes} bytes)");

    private async Task<CopyResult> ExecuteNowAsync(IProgress<ContentProgress>? progress, CancellationToken cancellationToken)
    {
        List<CopyResult> results = [];
        HashSet<Descriptor> arrived = [];
        HashSet<Descriptor> missing = [.. Mounts, .. Moves.Where(content => MediaTypes.IsManifest(content.MediaType) || content.SizeBytes <= BlobUploads.MaxSmallBytes)];
        CopyOptions options = _options with { KnownContent = content => _options.KnownContent?.Invoke(content) ?? (arrived.Contains(content) ? true : missing.Contains(content) ? false : null) };
        foreach (PlannedRoot root in Roots)
        {
            CopyResult result = await _source.CopyAsync(root.Descriptor, _target, root.Tag, options, progress, cancellationToken).ConfigureAwait(false);
            results.Add(result);
            arrived.UnionWith([.. result.Copied, .. result.Mounted]);
        }

        return new()
        {
            Root = Root,
            Copied = [.. results.SelectMany(result => result.Copied)],
            Mounted = [.. results.SelectMany(result => result.Mounted)],
            Skipped = [.. results.SelectMany(result => result.Skipped).Distinct().Where(content => !arrived.Contains(content))],
        };
    }

    // The sizes are claims: of two that lie the sum can be more than a number holds.
    private static long Sum(ImmutableArray<Descriptor> contents) =>
        contents.Aggregate(0L, (sum, content) => content.SizeBytes > long.MaxValue - sum ? long.MaxValue : sum + content.SizeBytes);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A source with manifests of its own before it: those that a plan wrote, and those that it read, so that they are not fetched twice.</summary>
internal sealed class KeptManifests(IContentSource source) : IContentSource, ICompositeSource
{
    private const long MaxKeptBytes = 16 << 20;

    private readonly ConcurrentDictionary<Descriptor, ReadOnlyMemory<byte>> _kept = new();
    private readonly ConcurrentDictionary<Descriptor, ImmutableArray<Descriptor>> _children = new();
    private long _keptBytes;

    /// <summary>Gets the manifests that went through, each with the manifests below it.</summary>
    internal IReadOnlyDictionary<Descriptor, ImmutableArray<Descriptor>> Read => _children;

    internal void Add(ManifestDocument document) => _kept[document.Descriptor] = document.RawBytes;

    public async Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        if (!MediaTypes.IsManifest(descriptor.MediaType))
        {
            return await source.OpenReadAsync(descriptor, cancellationToken).ConfigureAwait(false);
        }

        if (!_kept.TryGetValue(descriptor, out ReadOnlyMemory<byte> bytes))
        {
            bytes = await source.ReadAllBytesAsync(descriptor, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (Interlocked.Add(ref _keptBytes, bytes.Length) <= MaxKeptBytes)
            {
                _kept.TryAdd(descriptor.Bare(), bytes);
            }
        }

        _children.TryAdd(descriptor.Bare(), [.. ManifestDocument.Parse(bytes, descriptor.MediaType).Children.Where(child => MediaTypes.IsManifest(child.MediaType)).Select(child => child.Bare())]);
        return new MemoryStream(bytes.ToArray(), writable: false);
    }

    public IContentSource SourceOf(Descriptor descriptor) => (source as ICompositeSource)?.SourceOf(descriptor) ?? source;
}

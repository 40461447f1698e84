using DevOps.Oci;

namespace DevOps.Content.Tests;

/// <summary>Takes everything but one piece of content, which it only says that it took.</summary>
internal sealed class Missing(IContentStore inner, Descriptor lost) : IContentStore
{
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => inner.OpenReadAsync(descriptor, cancellationToken);

    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => inner.ContainsAsync(descriptor, cancellationToken);

    public Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default) =>
        descriptor == lost ? content.CopyToAsync(Stream.Null, cancellationToken) : inner.WriteAsync(descriptor, content, cancellationToken);
}

/// <summary>Counts the image manifests that were read and not yet written.</summary>
internal sealed class OpenManifests(IContentSource inner) : IContentSource
{
    private readonly Lock _lock = new();
    private int _open;

    internal int Most { get; private set; }

    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        Count(descriptor, 1);
        return inner.OpenReadAsync(descriptor, cancellationToken);
    }

    internal void Written(Descriptor descriptor) => Count(descriptor, -1);

    private void Count(Descriptor descriptor, int by)
    {
        if (MediaTypes.IsImageManifest(descriptor.MediaType))
        {
            lock (_lock)
            {
                _open += by;
                Most = Math.Max(Most, _open);
            }
        }
    }
}

/// <summary>Tells the counter of everything that was written.</summary>
internal sealed class Telling(IContentStore inner, OpenManifests counter) : IContentStore
{
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => inner.OpenReadAsync(descriptor, cancellationToken);

    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => inner.ContainsAsync(descriptor, cancellationToken);

    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(descriptor, content, cancellationToken);
        counter.Written(descriptor);
    }
}

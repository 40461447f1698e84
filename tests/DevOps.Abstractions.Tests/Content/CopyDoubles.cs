using DevOps.Oci;
using DevOps.Testing.Content;

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

/// <summary>Takes a manifest and its tag at once, and counts the tags that come by themselves.</summary>
internal sealed class TaggedStore : TestStore, ITaggedWriter
{
    internal List<string> Taken { get; } = [];

    public async Task WriteTaggedAsync(Descriptor manifest, Stream content, string tag, CancellationToken cancellationToken = default)
    {
        await WriteAsync(manifest, content, cancellationToken);
        Taken.Add(tag);
    }
}

/// <summary>Says of some content that it holds it, and refuses manifests above what it does not really hold.</summary>
internal sealed class Forgetful(params IEnumerable<Descriptor> claimed) : TestStore, IContentStore
{
    private readonly HashSet<Descriptor> _claimed = [.. claimed];

    /// <summary>Gets the manifests that were refused.</summary>
    internal List<Descriptor> Refused { get; } = [];

    /// <summary>Gets or sets whether a write of what was claimed has no effect either.</summary>
    internal bool LosesAgain { get; set; }

    async ValueTask<bool> IContentStore.ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken) =>
        await ContainsAsync(descriptor, cancellationToken) || _claimed.Contains(descriptor);

    async Task IContentStore.WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        using MemoryStream whole = new();
        await content.CopyToAsync(whole, cancellationToken);
        if (MediaTypes.IsManifest(descriptor.MediaType) && ManifestDocument.Parse(whole.ToArray(), descriptor.MediaType).Children.Any(child => !Holds(child)))
        {
            lock (Refused)
            {
                Refused.Add(descriptor);
            }

            throw new MissingContent();
        }

        if (!LosesAgain || !_claimed.Contains(descriptor))
        {
            await WriteAsync(descriptor, new MemoryStream(whole.ToArray()), cancellationToken);
        }
    }

    internal sealed class MissingContent() : DevOpsException("blob unknown"), IMissingContentError
    {
        public bool IsContentMissing => true;
    }
}

/// <summary>Opens what it is to write as often as it wants, and remembers what it was given so.</summary>
internal sealed class Reopening : TestStore, IContentResumer
{
    internal List<Descriptor> Opened { get; } = [];

    public async Task WriteAsync(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt, CancellationToken cancellationToken = default)
    {
        Opened.Add(descriptor);
        await using Stream content = await openAt(0, cancellationToken);
        await WriteAsync(descriptor, content, cancellationToken);
    }
}

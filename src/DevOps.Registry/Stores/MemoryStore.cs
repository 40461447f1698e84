using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Keeps content in memory, for tests and small artifacts. Safe for use by several threads.</summary>
public sealed class MemoryStore : IContentStore, ITagStore, ITagLister, IContentDeleter, IContentSeeker, IReferrerLister, IContentReceiver
{
    private readonly ConcurrentDictionary<Digest, byte[]> _content = new();
    private readonly ConcurrentDictionary<Digest, Descriptor> _manifests = new();
    private readonly ConcurrentDictionary<string, Descriptor> _tags = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        cancellationToken.ThrowIfCancellationRequested();
        return _content.TryGetValue(descriptor.Digest, out byte[]? bytes)
            ? Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(bytes, writable: false), descriptor, "memory"))
            : throw new ContentNotFoundException("memory", descriptor.Digest.ToString());
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, descriptor.SizeBytes);
        cancellationToken.ThrowIfCancellationRequested();
        return _content.TryGetValue(descriptor.Digest, out byte[]? bytes)
            ? Task.FromResult<Stream>(new MemoryStream(bytes, writable: false) { Position = offset })
            : throw new ContentNotFoundException("memory", descriptor.Digest.ToString());
    }

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return ValueTask.FromResult(_content.ContainsKey(descriptor.Digest));
    }

    /// <inheritdoc/>
    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(content);
        using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to write");
        using MemoryStream bytes = new();
        await verifying.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        _content[descriptor.Digest] = bytes.ToArray();
        if (MediaTypes.IsManifest(descriptor.MediaType))
        {
            _manifests[descriptor.Digest] = descriptor;
        }
    }

    /// <inheritdoc/>
    public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ReceivedContent.Check(mediaType, write);
        using MemoryStream bytes = new();
        Descriptor descriptor = await ReceivedContent.ToStreamAsync(mediaType, write, bytes, cancellationToken).ConfigureAwait(false);
        _content[descriptor.Digest] = bytes.ToArray();
        return descriptor;
    }

    /// <inheritdoc/>
    public ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ValueTask.FromResult(_tags.GetValueOrDefault(reference) ?? _tags.Values.FirstOrDefault(descriptor => descriptor.Digest.ToString() == reference));
    }

    /// <inheritdoc/>
    public Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        TagRules.Check(tag);
        _tags[tag] = _content.ContainsKey(manifest.Digest) ? manifest : throw new ContentNotFoundException("memory", manifest.Digest.ToString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string tag in _tags.Keys.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return tag;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Every question reads all manifests.</remarks>
    /// <exception cref="InvalidContentException">A manifest in the store breaks the specification.</exception>
    public async IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, string? artifactType = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ListedReferrers referrers = new(this);
        foreach (Descriptor referrer in await referrers.FindAsync([.. _manifests.Values], subject, artifactType, cancellationToken).ConfigureAwait(false))
        {
            yield return referrer;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Tags of the content go with it.</remarks>
    public Task<bool> DeleteAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        foreach ((string tag, Descriptor tagged) in _tags)
        {
            if (tagged.Digest == descriptor.Digest)
            {
                _tags.TryRemove(tag, out _);
            }
        }

        _manifests.TryRemove(descriptor.Digest, out _);
        return Task.FromResult(_content.TryRemove(descriptor.Digest, out _));
    }
}

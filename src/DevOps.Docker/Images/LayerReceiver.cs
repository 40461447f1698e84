using System.Collections.Concurrent;
using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>A store that takes layers while they are made. Knows which it took, so that they do not count as there before.</summary>
internal sealed class LayerReceiver : IContentReceiver, IProgress<ContentProgress>
{
    private readonly IContentReceiver _store;
    private readonly IProgress<ContentProgress>? _progress;
    private readonly ConcurrentDictionary<Digest, long> _received = new();

    private LayerReceiver(IContentReceiver store, IProgress<ContentProgress>? progress) => (_store, _progress) = (store, progress);

    /// <summary>Returns the store as one that takes layers like this; <see langword="null"/> if it cannot.</summary>
    /// <exception cref="ArgumentException">The tag is malformed, or the store has no tags: better said before a gigabyte was sent.</exception>
    internal static LayerReceiver? For(IContentStore store, string? tag, IProgress<ContentProgress>? progress)
    {
        if (tag is not null && !ImageReference.IsTag(tag))
        {
            throw new ArgumentException($"'{tag}' is not a tag: it starts with a letter, digit or '_', and continues with letters, digits, '_', '.' and '-'; 128 characters at most.", nameof(tag));
        }

        if (tag is not null && store is not ITagStore)
        {
            throw new ArgumentException($"The store keeps no tags, so '{tag}' cannot be set there.", nameof(tag));
        }

        return store is IContentReceiver receiver ? new(receiver, progress) : null;
    }

    public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        Descriptor? received = await _store.ReceiveAsync(mediaType, write, cancellationToken).ConfigureAwait(false);
        if (received is not null && _received.TryAdd(received.Digest, received.SizeBytes))
        {
            _progress?.Report(new(received, ContentPhase.Copied, received.SizeBytes));
        }

        return received;
    }

    public void Report(ContentProgress value)
    {
        if (value.Phase != ContentPhase.Skipped || !_received.ContainsKey(value.Descriptor.Digest))
        {
            _progress?.Report(value);
        }
    }

    /// <summary>Returns what a copy did that found here what was received before it.</summary>
    internal CopyResult Correct(CopyResult copy)
    {
        ImmutableArray<Descriptor> received = [.. copy.Skipped.Where(descriptor => _received.ContainsKey(descriptor.Digest))];
        return copy with { Copied = [.. received, .. copy.Copied], Skipped = copy.Skipped.RemoveAll(received.Contains) };
    }
}

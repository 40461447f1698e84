using System.Collections.Concurrent;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Testing.Content;

/// <summary>A store in memory that counts what it is asked, and can be told to wait or to fail.</summary>
public class TestStore : IContentStore, ITagStore
{
    private readonly ConcurrentDictionary<Digest, byte[]> _content = new();
    private readonly ConcurrentDictionary<string, Descriptor> _tags = new();
    private readonly ConcurrentQueue<(StoreOperation Operation, Descriptor Descriptor)> _log = new();
    private int _running;
    private int _peak;

    /// <summary>Gets or sets what happens before each operation: it may wait, or throw to let the operation fail.</summary>
    public Func<StoreOperation, Descriptor, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Gets or sets what reading gives in place of the content.</summary>
    public Func<Descriptor, byte[], Stream>? Reader { get; set; }

    public IReadOnlyDictionary<string, Descriptor> Tags => _tags;

    public int Count => _content.Count;

    /// <summary>Gets the greatest number of writes and openings that ran at one moment.</summary>
    public int PeakConcurrency => _peak;

    /// <summary>Gets what was written, in the order in which it became whole.</summary>
    public IReadOnlyList<Descriptor> Written => Logged(StoreOperation.Write);

    public IReadOnlyList<Descriptor> Logged(StoreOperation operation) => [.. _log.Where(entry => entry.Operation == operation).Select(entry => entry.Descriptor)];

    public bool Holds(Descriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return _content.ContainsKey(descriptor.Digest);
    }

    /// <summary>Puts content in without a trace in the log.</summary>
    public Descriptor Add(string mediaType, byte[] content)
    {
        Descriptor descriptor = Descriptor.ForContent(mediaType, content);
        _content[descriptor.Digest] = content;
        return descriptor;
    }

    public Descriptor Add(OciDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Add(document.MediaType, document.RawBytes.ToArray());
    }

    public void Remove(Descriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _content.TryRemove(descriptor.Digest, out _);
    }

    /// <summary>Puts other bytes in the place of content.</summary>
    public void Replace(Descriptor descriptor, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _content[descriptor.Digest] = content;
    }

    public async Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return await RunAsync(StoreOperation.OpenRead, descriptor, () => Task.FromResult<Stream>(Open(descriptor)), cancellationToken);
    }

    public async ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        await Before(StoreOperation.Contains, descriptor, cancellationToken);
        _log.Enqueue((StoreOperation.Contains, descriptor));
        return Holds(descriptor);
    }

    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(content);
        await RunAsync(StoreOperation.Write, descriptor, () => StoreAsync(descriptor, content, cancellationToken), cancellationToken);
    }

    public async ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        Descriptor? found = Digest.TryParse(reference, out Digest? digest)
            ? _log.Where(entry => entry.Descriptor.Digest == digest).Select(entry => entry.Descriptor).FirstOrDefault()
            : _tags.GetValueOrDefault(reference);
        await Before(StoreOperation.Resolve, found ?? Descriptor.EmptyJson, cancellationToken);
        return found;
    }

    public async Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        await Before(StoreOperation.Tag, manifest, cancellationToken);
        _log.Enqueue((StoreOperation.Tag, manifest));
        _tags[tag] = Holds(manifest) ? manifest : throw new ContentNotFoundException("the test store", manifest.Digest.ToString());
    }

    private VerifyingStream Open(Descriptor descriptor)
    {
        byte[] content = _content.GetValueOrDefault(descriptor.Digest) ?? throw new ContentNotFoundException("the test store", descriptor.Digest.ToString());
        return new VerifyingStream(Reader?.Invoke(descriptor, content) ?? new MemoryStream(content, writable: false), descriptor, "the test store");
    }

    private async Task<bool> StoreAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        using Stream verifying = VerifyingStream.Ensure(content, descriptor, "what was given");
        using MemoryStream whole = new();
        await verifying.CopyToAsync(whole, cancellationToken);
        _content.TryAdd(descriptor.Digest, whole.ToArray());
        return true;
    }

    private async Task<T> RunAsync<T>(StoreOperation operation, Descriptor descriptor, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        int now = Interlocked.Increment(ref _running);
        for (int peak = _peak; now > peak; peak = _peak)
        {
            Interlocked.CompareExchange(ref _peak, now, peak);
        }

        try
        {
            await Before(operation, descriptor, cancellationToken);
            T result = await work();
            _log.Enqueue((operation, descriptor));
            return result;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}

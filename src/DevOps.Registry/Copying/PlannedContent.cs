using System.Collections.Concurrent;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A target that asks the real one what it holds, and writes nothing: the copy that runs against it is the plan of the real copy.</summary>
internal sealed class PlannedContent(IContentStore target) : IContentStore, IContentMounter
{
    private readonly ConcurrentDictionary<Descriptor, bool> _known = new();
    private readonly ConcurrentQueue<Descriptor> _moves = new();
    private readonly ConcurrentQueue<Descriptor> _mounts = new();
    private readonly ConcurrentQueue<Descriptor> _held = new();

    internal IEnumerable<Descriptor> Moves => _moves;

    internal IEnumerable<Descriptor> Mounts => _mounts;

    internal IEnumerable<Descriptor> Held => _held;

    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A plan keeps nothing to read.");

    public async ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        if (_known.ContainsKey(descriptor))
        {
            // Of another root of the same plan, which is copied before this one.
            return true;
        }

        bool isHeld = await target.ContainsAsync(descriptor, cancellationToken).ConfigureAwait(false);
        if (isHeld && _known.TryAdd(descriptor.Bare(), true))
        {
            _held.Enqueue(descriptor.Bare());
        }

        return isHeld;
    }

    public ValueTask<bool> TryMountAsync(Descriptor descriptor, IContentSource source, CancellationToken cancellationToken = default)
    {
        bool canMount = target is RemoteRepository repository && repository.CanMountFrom(source);
        if (canMount && _known.TryAdd(descriptor.Bare(), true))
        {
            _mounts.Enqueue(descriptor.Bare());
        }

        return ValueTask.FromResult(canMount);
    }

    public Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        if (_known.TryAdd(descriptor.Bare(), true))
        {
            _moves.Enqueue(descriptor.Bare());
        }

        return Task.CompletedTask;
    }
}

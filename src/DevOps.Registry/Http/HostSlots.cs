using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Limits what goes on with one registry at once, over the whole client.</summary>
/// <remarks>
/// <para>
/// Each registry has slots of three kinds, and one kind never waits for another: so many short requests, so many blobs that are read, so many blobs that are written. Short requests are not held up by large blobs, and
/// requests for tokens take no slot at all.
/// </para>
/// <para>
/// Copies cannot block each other, in any number and direction, and between two repositories of one registry as well. Whoever holds a slot to ask or to write waits for the network alone, or for a source that was opened before and has its slot:
/// slots to read are taken when content is opened, and kept through broken connections. So slots to ask and to write come free by themselves, and then those to read, whose holders wait for nothing else.
/// Content that is made while it is sent has its slot before the making begins and until it ends, in chunks as in one request: where making waits for a turn, as packing does, no one who has a turn waits for a slot.
/// A source that a caller opens only while it is being written breaks that order; then the reader that stands still gives its slot back, as does one that was forgotten. See <see cref="ReadSlot"/>.
/// </para>
/// </remarks>
internal sealed class HostSlots(RegistryClientOptions options)
{
    private readonly ConcurrentDictionary<(RegistryAddress Registry, SlotKind Kind), SemaphoreSlim> _slots = new();

    /// <summary>Waits for a slot, which the one who releases the semaphore gives back.</summary>
    internal async ValueTask<SemaphoreSlim> EnterAsync(RegistryAddress registry, SlotKind kind, CancellationToken cancellationToken)
    {
        SemaphoreSlim slots = _slots.GetOrAdd((registry, kind), key => new(options.ConnectionTo(key.Registry).MaxConcurrentRequests));
        await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        return slots;
    }

    /// <summary>Waits for a slot to read a blob.</summary>
    internal async ValueTask<ReadSlot> EnterToReadAsync(RegistryAddress registry, CancellationToken cancellationToken) =>
        new(await EnterAsync(registry, SlotKind.Read, cancellationToken).ConfigureAwait(false), options.TimeProvider, options.NoProgressTimeout);
}

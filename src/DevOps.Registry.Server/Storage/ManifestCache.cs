using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Keeps the bytes of the manifests that were asked for last. Content that is named by its digest cannot become old; whether a repository holds it is asked elsewhere.</summary>
internal sealed class ManifestCache(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, LinkedListNode<(Digest Digest, ReadOnlyMemory<byte> Bytes)>> _entries = [];
    private readonly LinkedList<(Digest Digest, ReadOnlyMemory<byte> Bytes)> _order = [];
    private long _bytes;

    internal bool TryGet(Digest digest, out ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(digest, out LinkedListNode<(Digest Digest, ReadOnlyMemory<byte> Bytes)>? entry))
            {
                bytes = default;
                return false;
            }

            _order.Remove(entry);
            _order.AddLast(entry);
            bytes = entry.Value.Bytes;
            return true;
        }
    }

    internal void Add(Digest digest, ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (bytes.Length > maxBytes || _entries.ContainsKey(digest))
            {
                return;
            }

            _entries[digest] = _order.AddLast((digest, bytes));
            _bytes += bytes.Length;
            while (_bytes > maxBytes)
            {
                (Digest oldest, ReadOnlyMemory<byte> gone) = _order.First!.Value;
                _order.RemoveFirst();
                _entries.Remove(oldest);
                _bytes -= gone.Length;
            }
        }
    }
}

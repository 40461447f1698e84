namespace DevOps.Pipelines;

/// <summary>The edges of the automaton that do not lead to the next node: a hash table with open addresses.</summary>
internal sealed class EdgeTable
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private (long Key, int Child)[] _entries = new (long, int)[16];
    private int _count;

    /// <summary>Returns the child, or 0.</summary>
    internal int Find(int node, byte label)
    {
        long key = KeyOf(node, label);
        (long Key, int Child)[] entries = _entries;
        for (int i = SlotOf(key); ; i = (i + 1) & (entries.Length - 1))
        {
            ref (long Key, int Child) entry = ref entries[i];
            if (entry.Key == key || entry.Child == 0)
            {
                return entry.Child;
            }
        }
    }

    internal void Add(int node, byte label, int child)
    {
        if (++_count * 2 > _entries.Length)
        {
            (long Key, int Child)[] old = _entries;
            _entries = new (long, int)[old.Length * 2];
            foreach ((long key, int value) in old)
            {
                if (value != 0)
                {
                    Insert(key, value);
                }
            }
        }

        Insert(KeyOf(node, label), child);
    }

    private static long KeyOf(int node, byte label) => ((long)node << 8) | label;

    private int SlotOf(long key) => (int)(((ulong)key * Multiplier) >> 32) & (_entries.Length - 1);

    private void Insert(long key, int child)
    {
        int i = SlotOf(key);
        while (_entries[i].Child != 0)
        {
            i = (i + 1) & (_entries.Length - 1);
        }

        _entries[i] = (key, child);
    }
}

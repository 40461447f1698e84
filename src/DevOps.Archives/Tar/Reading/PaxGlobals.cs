using System.Collections.Immutable;

namespace DevOps.Archives.Tar;

/// <summary>The PAX records of global headers so far. Each header is bounded by itself; here they are all together.</summary>
internal sealed class PaxGlobals(int maxLength)
{
    private long _length;

    internal ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Records { get; private set; } = TarMember.NoAttributes;

    /// <exception cref="FormatException">They are too long together.</exception>
    internal void Add(IEnumerable<PaxRecord> records)
    {
        foreach (PaxRecord record in records)
        {
            _length += Length(record.Key, record.Value) - (Records.TryGetValue(record.Key, out ReadOnlyMemory<byte> old) ? Length(record.Key, old) : 0);

            // Copied: the rest of the header that it came in is not kept.
            Records = PaxAttributes.Merge(Records, [record with { Value = record.Value.ToArray() }]);
        }

        if (_length > maxLength)
        {
            throw new FormatException($"the global headers have more than {maxLength} bytes together");
        }
    }

    private static long Length(string key, ReadOnlyMemory<byte> value) => value.Length == 0 ? 0 : key.Length + value.Length;
}

using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Archives.Tar;

/// <summary>What PAX records say of an entry in place of its header.</summary>
internal sealed class PaxAttributes(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> global, IReadOnlyList<PaxRecord> local)
{
    private static ImmutableSortedDictionary<string, string> NoText { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the records that apply: local ones over global ones, and none where the last value is empty.</summary>
    internal ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Effective { get; } = Merge(global, local);

    internal IReadOnlyList<PaxRecord> Local => local;

    internal static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Merge(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> records, IEnumerable<PaxRecord> over)
    {
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Builder merged = records.ToBuilder();
        foreach ((string key, ReadOnlyMemory<byte> value) in over)
        {
            if (value.IsEmpty)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.ToImmutable();
    }

    /// <summary>Returns all records as text.</summary>
    internal ImmutableSortedDictionary<string, string> ToText() => Effective.IsEmpty ? NoText
        : Effective.ToImmutableSortedDictionary(record => record.Key, record => PaxRecord.TextOf(record.Value.Span), StringComparer.Ordinal);

    /// <summary>Returns the extended attributes among the records.</summary>
    internal ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> ToExtendedAttributes() => Effective.IsEmpty ? TarMember.NoAttributes : Effective
        .Where(record => record.Key.Length > PaxRecords.ExtendedAttributePrefix.Length && record.Key.StartsWith(PaxRecords.ExtendedAttributePrefix, StringComparison.Ordinal))
        .ToImmutableSortedDictionary(record => record.Key[PaxRecords.ExtendedAttributePrefix.Length..], record => (ReadOnlyMemory<byte>)record.Value.ToArray(), StringComparer.Ordinal);

    internal string? Text(string key) => Effective.TryGetValue(key, out ReadOnlyMemory<byte> value) && PaxRecord.TextOf(value.Span) is var text
        ? text.Contains('\0', StringComparison.Ordinal) ? throw new FormatException($"its '{key}' has a NUL in it") : text
        : null;

    /// <exception cref="FormatException">The value is no number, or is negative.</exception>
    internal long? Number(string key) => Text(key) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new FormatException($"its '{key}' is no number");

    /// <exception cref="FormatException">The value is no time.</exception>
    internal DateTimeOffset? Time(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds))
        {
            throw new FormatException($"its '{key}' is no time");
        }

        return FromSeconds(seconds);
    }

    internal static DateTimeOffset FromSeconds(decimal seconds)
    {
        decimal min = DateTimeOffset.MinValue.ToUnixTimeSeconds();
        decimal max = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return seconds >= min && seconds <= max
            ? DateTimeOffset.UnixEpoch.AddTicks((long)decimal.Floor(seconds * TimeSpan.TicksPerSecond))
            : throw new FormatException("its time is out of the range of years 1 to 9999");
    }
}

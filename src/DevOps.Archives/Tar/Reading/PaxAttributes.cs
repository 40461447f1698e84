using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Archives.Tar;

/// <summary>What PAX records say of an entry in place of its header.</summary>
internal sealed class PaxAttributes(ImmutableSortedDictionary<string, string> global, IReadOnlyList<KeyValuePair<string, string>> local)
{
    /// <summary>Gets the records that apply: local ones over global ones, and none where the last value is empty.</summary>
    internal ImmutableSortedDictionary<string, string> Effective { get; } = Merge(global, local);

    internal IReadOnlyList<KeyValuePair<string, string>> Local => local;

    internal static ImmutableSortedDictionary<string, string> Merge(ImmutableSortedDictionary<string, string> records, IEnumerable<KeyValuePair<string, string>> over)
    {
        ImmutableSortedDictionary<string, string>.Builder merged = records.ToBuilder();
        foreach ((string key, string value) in over)
        {
            if (value.Length == 0)
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

    internal string? Text(string key) => Effective.TryGetValue(key, out string? text)
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

using System.Globalization;

namespace DevOps.Oci;

/// <summary>Reads and writes times as image documents have them.</summary>
/// <remarks>Source: RFC 3339, section 5.6. Nine digits of a second are read, as Go writes them, and seven kept.</remarks>
internal static class Rfc3339
{
    private const int SecondsLength = 19;

    internal static string Format(DateTimeOffset instant)
    {
        DateTimeOffset utc = instant.ToUniversalTime();
        string format = utc.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }

    internal static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        string upper = text.ToUpperInvariant();
        if (upper.Length <= SecondsLength
            || !DateTime.TryParseExact(upper.AsSpan(0, SecondsLength), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            return false;
        }

        ReadOnlySpan<char> rest = upper.AsSpan(SecondsLength);
        long ticks = 0;
        if (rest[0] == '.')
        {
            int digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9)
            {
                return false;
            }

            ticks = long.Parse(string.Concat(rest.Slice(1, digits), "000000000")[..7], CultureInfo.InvariantCulture);
            rest = rest[(digits + 1)..];
        }

        if (!TryOffset(rest, out TimeSpan offset) || local.Ticks + ticks - offset.Ticks is < 0 || local.Ticks + ticks - offset.Ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new(local.Ticks + ticks - offset.Ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        return text is "Z"
            || (text.Length == 6 && text[0] is '+' or '-'
                && TimeSpan.TryParseExact(text[1..], "hh':'mm", CultureInfo.InvariantCulture, text[0] == '-' ? TimeSpanStyles.AssumeNegative : TimeSpanStyles.None, out offset));
    }
}

using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Reads lengths of time.</summary>
internal static class DurationText
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="OverflowException">It is too long.</exception>
    internal static TimeSpan Parse(string text)
    {
        text = text.Trim();
        foreach ((string suffix, long ticks) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number))
            {
                return new(checked((long)(number * ticks)));
            }
        }

        return text.Contains(':', StringComparison.Ordinal) ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : throw new FormatException("no duration");
    }
}

using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Reads and writes lengths of time for people.</summary>
internal static class TimeText
{
    /// <summary>Reads a number with a unit, as <c>90s</c>, <c>1.5h</c>; it can be waited for with a timer.</summary>
    internal static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        (double Seconds, int Length) unit = text switch
        {
            [.., 'm', 's'] => (0.001, 2),
            [.., 's'] => (1, 1),
            [.., 'm'] => (60, 1),
            [.., 'h'] => (3600, 1),
            [.., 'd'] => (86400, 1),
            _ => default,
        };
        if (unit.Length == 0 || !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }

        double seconds = number * unit.Seconds;
        if (!(seconds >= 0.001 && seconds <= Durations.Longest.TotalSeconds))
        {
            return false;
        }

        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Writes a point in time, as precise as people say it.</summary>
    internal static string WriteTime(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    internal static string Write(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(time.TotalSeconds * 10) / 10:F1} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:D2} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes:D2} min"),
    };
}

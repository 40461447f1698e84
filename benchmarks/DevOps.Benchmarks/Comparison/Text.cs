using System.Globalization;

namespace DevOps.Benchmarks.Comparison;

/// <summary>How figures are written. What is not known is a dash.</summary>
internal static class Text
{
    internal const string Unknown = "–";

    internal static string Seconds(double? seconds) => Format(seconds, seconds < 10 ? "0.000" : "0.0");

    internal static string Rate(long bytes, double? seconds) => seconds is > 0 ? Format(bytes / 1e6 / seconds, "0") : Unknown;

    internal static string Megabytes(long? bytes) => Format(bytes / 1e6, "0.0");

    internal static string Ratio(double? ratio) => Format(ratio, "0.000");

    internal static string Bytes(long? bytes) => bytes is { } count ? count.ToString("#,0", CultureInfo.InvariantCulture) : Unknown;

    private static string Format(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : Unknown;
}

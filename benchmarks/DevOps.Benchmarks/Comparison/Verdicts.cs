namespace DevOps.Benchmarks.Comparison;

/// <summary>The rows that say whether a goal is met.</summary>
internal static class Verdicts
{
    internal static void Header(Report report) => report.Header("goal", "measured", "wanted", "met");

    internal static void AtMost(Report report, string goal, double? value, double limit) => Row(report, goal, value, $"≤ {Text.Ratio(limit)}", value <= limit);

    internal static void AtLeast(Report report, string goal, double? value, double limit) => Row(report, goal, value, $"≥ {Text.Ratio(limit)}", value >= limit);

    /// <summary>Writes a figure that has no goal.</summary>
    internal static void Tell(Report report, string what, double? value) => report.Row(what, Text.Ratio(value), Text.Unknown, Text.Unknown);

    private static void Row(Report report, string goal, double? value, string wanted, bool met) =>
        report.Row(goal, Text.Ratio(value), wanted, value is null ? Text.Unknown : met ? "yes" : "**no**");
}

namespace DevOps.Benchmarks.Comparison;

/// <summary>One run of something.</summary>
/// <param name="Seconds">From start to end, by the clock.</param>
/// <param name="CpuSeconds">What it took of all processors, user and system; unknown for a process where GNU time is missing.</param>
/// <param name="PeakBytes">The most memory that one of its processes had; unknown for what runs in this process.</param>
/// <param name="OutputBytes">How large its output is; <see langword="null"/> where it has none.</param>
internal sealed record Measurement(double Seconds, double? CpuSeconds, long? PeakBytes, long? OutputBytes)
{
    /// <summary>Combines the runs of one thing: the median of each figure.</summary>
    internal static Measurement Median(IReadOnlyList<Measurement> runs) => new(
        Median(runs.Select(run => run.Seconds)),
        runs.All(run => run.CpuSeconds is not null) ? Median(runs.Select(run => run.CpuSeconds!.Value)) : null,
        runs.All(run => run.PeakBytes is not null) ? (long)Median(runs.Select(run => (double)run.PeakBytes!.Value)) : null,
        runs.All(run => run.OutputBytes is not null) ? (long)Median(runs.Select(run => (double)run.OutputBytes!.Value)) : null);

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

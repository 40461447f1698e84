using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DevOps.Pipelines;

/// <summary>Names the source of spans and the meter of this package, for whoever collects them.</summary>
public static class PipelineDiagnostics
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "DevOps.Pipelines";

    internal static ActivitySource Source { get; } = new(Name);

    internal static Meter Meter { get; } = new(Name);

    internal static Histogram<double> RunDuration { get; } = Meter.CreateHistogram<double>("cicd.pipeline.run.duration", "s", "How long runs took.");

    internal static UpDownCounter<long> ActiveRuns { get; } = Meter.CreateUpDownCounter<long>("cicd.pipeline.run.active", "{run}", "Runs under way.");

    internal static Counter<long> RunErrors { get; } = Meter.CreateCounter<long>("cicd.pipeline.run.errors", "{error}", "Runs that failed.");
}

using System.Diagnostics;
using System.Globalization;
using DevOps.Benchmarks.Comparison;
using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>What the engine costs for each job that does nothing, beside the same delegate without an engine and beside the ways other build tools walk a graph.</summary>
internal static class EngineComparison
{
    // The runtime compiles a method anew once it has seen it often enough.
    private const int WarmUps = 5;

    private static readonly Func<JobContext, Task> Nothing = static _ => Task.CompletedTask;

    internal static async Task RunAsync(Options options)
    {
        Report report = new();
        report.Title("The engine");
        report.Line($"Jobs that do nothing. Medians of {options.Rounds} rounds in one process, after five that do not count; the contestants take turns. A bare task is `Task.Run` of the same delegate, all of them awaited together.");
        foreach (int jobs in (int[])[10_000, 100_000])
        {
            await CompareAsync(report, options, jobs);
        }

        await SleepingGraphs.RunAsync(report, options);
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static async Task CompareAsync(Report report, Options options, int jobs)
    {
        Pipeline wide = Graphs.Wide(jobs, Nothing);
        Pipeline layered = Graphs.Layered(jobs, 4, Nothing);
        Pipeline chain = Graphs.Chain(jobs, Nothing);
        (string Name, Func<Task<Figures>> Run)[] contest =
        [
            ("bare `Task.Run`", () => MeasureAsync(jobs, () => BareAsync(jobs))),
            ("no needs, no journal", () => MeasureAsync(jobs, () => RunAsync(wide, null))),
            ("no needs, journal in memory", () => MeasureAsync(jobs, () => RunAsync(wide, new MemoryRunStore()))),
            ("4 needs each, journal in memory", () => MeasureAsync(jobs, () => RunAsync(layered, new MemoryRunStore()))),
            ("a chain, journal in memory", () => MeasureAsync(jobs, () => RunAsync(chain, new MemoryRunStore()))),
            ("4 needs each, at most 8 at once, journal in memory", () => MeasureAsync(jobs, () => RunAsync(layered, new MemoryRunStore(), 8))),
            ("4 needs each, journal on disk", () => OnDiskAsync(jobs, layered)),
            ("4 needs each, a task per job that awaits its needs (as Bullseye does)", () => MeasureAsync(jobs, () => Baselines.TaskPerJobAsync(layered))),
            ("4 needs each, one after another by edge lists (as Cake does)", () => jobs > 10_000 ? Task.FromResult(default(Figures)) : MeasureAsync(jobs, () => Baselines.SequentialAsync(layered))),
        ];
        List<Figures>[] runs = [.. contest.Select(_ => new List<Figures>())];
        for (int round = -WarmUps; round < options.Rounds; round++)
        {
            for (int i = 0; i < contest.Length; i++)
            {
                int at = (i + round + WarmUps) % contest.Length;
                GC.Collect();
                Figures figures = await contest[at].Run();
                if (round >= 0)
                {
                    runs[at].Add(figures);
                }
            }
        }

        report.Section($"{Text.Bytes(jobs)} jobs");
        report.Header("what", "µs a job", "times bare", "bytes allocated a job", "journal bytes a job", "flushes");
        double bare = Median(runs[0], run => run.Seconds);
        for (int i = 0; i < contest.Length; i++)
        {
            if (Median(runs[i], run => run.Seconds) is double seconds and > 0)
            {
                report.Row(
                    contest[i].Name,
                    Number(seconds * 1e6 / jobs, 2),
                    Number(seconds / bare, 1),
                    Number(Median(runs[i], run => run.Allocated) / jobs, 0),
                    Number(Median(runs[i], run => run.JournalBytes) / jobs, 0),
                    Number(Median(runs[i], run => run.Flushes), 0));
            }
        }
    }

    private static async Task BareAsync(int jobs)
    {
        Task[] tasks = new Task[jobs];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Run(static () => Nothing(null!));
        }

        await Task.WhenAll(tasks);
    }

    private static async Task RunAsync(Pipeline pipeline, IRunStore? store, int maxConcurrency = int.MaxValue)
    {
        PipelineResult result = await pipeline.RunAsync(new() { Store = store, MaxConcurrency = maxConcurrency });
        if (result.Outcome != Outcome.Success)
        {
            throw new InvalidOperationException("The pipeline failed.");
        }
    }

    private static async Task<Figures> OnDiskAsync(int jobs, Pipeline pipeline)
    {
        using ScratchDirectory scratch = new();
        CountingStore store = new(new FolderRunStore(scratch["runs"]));
        Figures figures = await MeasureAsync(jobs, () => RunAsync(pipeline, store));
        return figures with { JournalBytes = store.Statistics.LengthBytes, Flushes = store.Statistics.Flushes };
    }

    private static async Task<Figures> MeasureAsync(int jobs, Func<Task> run)
    {
        _ = jobs;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        await run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new(seconds, GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, 0);
    }

    private static double Median(List<Figures> runs, Func<Figures, double> figure) => Measurement.Median(runs.Select(figure));

    private static string Number(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture);

    private readonly record struct Figures(double Seconds, double Allocated, double JournalBytes, double Flushes);
}

using System.Diagnostics;
using System.Globalization;
using DevOps.Benchmarks.Comparison;
using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>How near to its critical path a graph of jobs that sleep ends.</summary>
internal static class SleepingGraphs
{
    internal static async Task RunAsync(Report report, Options options)
    {
        (string Name, Pipeline Pipeline, int Jobs, int CriticalJobs, int Milliseconds)[] graphs =
        [
            ("wide: 1,000 jobs of 2 s", Graphs.Wide(1000, Sleep(2000)), 1000, 1, 2000),
            ("deep: 20 jobs of 200 ms in a chain", Graphs.Chain(20, Sleep(200)), 20, 20, 200),
            ("diamonds: 10 behind each other, 50 wide, of 200 ms", Graphs.Diamonds(10, 50, Sleep(200)), 511, 21, 200),
            ("layered: 20 layers of 100 jobs, 4 needs each, of 200 ms", Graphs.Layered(2000, 4, Sleep(200)), 2000, 20, 200),
        ];
        report.Section("Jobs that sleep");
        report.Line("The critical path is that of the same sleeps without an engine, one after another, measured in the same round. Journal in memory.");
        report.Line();
        report.Header("graph", "critical path, s", "run, s", "ratio");
        foreach ((string name, Pipeline pipeline, _, int critical, int milliseconds) in graphs)
        {
            List<double> paths = [];
            List<double> runs = [];
            for (int round = 0; round < options.Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < critical; i++)
                {
                    await Task.Delay(milliseconds);
                }

                paths.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                start = Stopwatch.GetTimestamp();
                await pipeline.RunAsync(new() { Store = new MemoryRunStore() });
                runs.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            double path = Measurement.Median(paths);
            double run = Measurement.Median(runs);
            report.Row(name, Number(path), Number(run), Number(run / path));
        }
    }

    private static Func<JobContext, Task> Sleep(int milliseconds) => job => Task.Delay(milliseconds, job.Cancellation);

    private static string Number(double value) => value.ToString("N3", CultureInfo.InvariantCulture);
}

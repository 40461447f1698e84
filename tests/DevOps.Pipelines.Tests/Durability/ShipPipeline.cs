using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines.Tests;

/// <summary>A pipeline of every kind of job, whose jobs write down in a file that they ran, and with which key.</summary>
internal static class ShipPipeline
{
    private static readonly Lock Appending = new();

    internal static Pipeline Build(string effects, TimeSpan jobTime = default)
    {
        PipelineBuilder ship = new("ship");
        Stage first = ship.AddStage("first");
        Stage second = ship.AddStage("second");
        Job<string> version = ship.AddJob("version", Did(effects, jobTime, _ => "1.2.3")).InStage(first);
        Job<object> opaque = ship.AddJob("opaque", Did<object>(effects, jobTime, job => job.Get(version) + "+")).Needs(version).InStage(first);
        ship.AddJob("reads opaque", Did(effects, jobTime, job => (string)job.Get(opaque))).Needs(opaque);
        ship.AddJob("flaky", Did(effects, jobTime, _ => Read(effects).Count(effect => effect.Job == "flaky") == 1 ? throw new IOException("gone") : 1)).WithRetry(2);
        Job tolerated = ship.AddJob("tolerated", Did<int>(effects, jobTime, _ => throw new InvalidOperationException("never mind"))).WithTolerance();
        ship.AddJob("behind tolerated", Did(effects, jobTime, _ => 2)).Needs(tolerated).InStage(second);
        Job skipped = ship.AddJob("skipped", Did(effects, jobTime, _ => 3)).OnlyIf(job => job.OutcomeOf(version) == Outcome.Failure).After(version);
        ship.AddJob("behind skipped", Did(effects, jobTime, _ => 4)).Needs(skipped);
        Job<ImmutableArray<string>> names = ship.AddJob("names", Did(effects, jobTime, _ => ImmutableArray.Create("x", "y", "z")));
        JobGroup group = ship.AddJobs("group", names, (more, values) =>
        {
            foreach (string value in values)
            {
                more.AddJob($"child {value}", Did(effects, jobTime, job => job.Get(version) + value)).Needs(version);
            }
        });
        Job fails = ship.AddJob("fails", Did<int>(effects, jobTime, _ => throw new InvalidOperationException("broken"))).Needs(group);
        ship.AddJob("behind fails", Did(effects, jobTime, _ => 5)).Needs(fails);
        ship.AddJob("always", Did(effects, jobTime, _ => 6)).Needs(fails).RunsAlways();
        ship.AddFinally("last", Did(effects, jobTime, _ => 7));
        return ship.Build();
    }

    /// <summary>Reads what the jobs wrote down: the names of those that ran, with their keys, in order.</summary>
    internal static (string Job, string Key)[] Read(string effects) =>
        !File.Exists(effects) ? [] : [.. File.ReadAllLines(effects).Select(line => line.Split('|')).Where(parts => parts.Length == 3).Select(parts => (parts[0], parts[1]))];

    internal static (string, Outcome, Outcome, string?)[] Shown(PipelineResult result) => [.. result.Jobs.Select(job => (job.Name, job.Outcome, job.CountsAs, job.Reason)).Order()];

    private static Func<JobContext, Task<T>> Did<T>(string effects, TimeSpan jobTime, Func<JobContext, T> work) => async job =>
    {
        if (jobTime > TimeSpan.Zero)
        {
            await Task.Delay(jobTime, job.Cancellation);
        }

        // Appending is not one step in .NET, and jobs run beside each other.
        lock (Appending)
        {
            using FileStream file = new(effects, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{job.Name}|{job.IdempotencyKey}|.\n")));
        }

        return work(job);
    };
}

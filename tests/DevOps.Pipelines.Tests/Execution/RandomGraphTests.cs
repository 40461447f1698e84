using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Random graphs with random failures, against a model that knows only the needs.</summary>
public sealed class RandomGraphTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RunAsync_RandomGraph_EndsAsTheModel(int seed)
    {
        Random random = new(seed);
        int count = random.Next(1, 40);
        double density = random.NextDouble() * 0.3;
        double failureRate = random.NextDouble() * 0.4;
        int max = random.Next(4) == 0 ? int.MaxValue : random.Next(1, 6);
        int[][] needs = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, i).Where(_ => random.NextDouble() < density).ToArray())];
        bool[] fails = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < failureRate)];
        int[] yields = [.. Enumerable.Range(0, count).Select(_ => random.Next(4))];

        // Jobs are added in an order that has nothing to do with the needs.
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        PipelineBuilder builder = new("random");
        Job<int>[] jobs = new Job<int>[count];
        int[] started = new int[count];
        int working = 0;
        int peak = 0;
        Lock gate = new();
        foreach (int i in order)
        {
            jobs[i] = builder.AddJob($"{i}", async job =>
            {
                lock (gate)
                {
                    started[i]++;
                    peak = Math.Max(peak, ++working);
                }

                int sum = 1 + needs[i].Sum(needed => job.Get(jobs[needed]));
                for (int times = yields[i]; times > 0; times--)
                {
                    await Task.Yield();
                }

                lock (gate)
                {
                    working--;
                }

                return fails[i] ? throw new InvalidOperationException($"{i} is broken") : sum;
            });
        }

        for (int i = 0; i < count; i++)
        {
            jobs[i].Needs([.. needs[i].Select(needed => jobs[needed])]);
        }

        RecordingProgress<PipelineEvent> progress = new();
        PipelineResult result = await builder.Build().RunAsync(new() { MaxConcurrency = max, Progress = progress }, Cancellation);

        Outcome[] expected = Model(needs, fails);
        Assert.Equal(order.Select(i => (jobs[i].Name, expected[i])), result.Jobs.Select(job => (job.Name, job.Outcome)));
        Assert.Equal(expected.Contains(Outcome.Failure) ? Outcome.Failure : Outcome.Success, result.Outcome);
        Assert.Equal(expected.Select(outcome => outcome == Outcome.Skipped ? 0 : 1), started);
        Assert.InRange(peak, 0, max);
        CheckReasons(result);
        CheckEvents(result, progress.Reports);
    }

    private static Outcome[] Model(int[][] needs, bool[] fails)
    {
        Outcome[] outcomes = new Outcome[needs.Length];
        for (int i = 0; i < needs.Length; i++)
        {
            outcomes[i] = needs[i].Any(needed => outcomes[needed] != Outcome.Success) ? Outcome.Skipped : fails[i] ? Outcome.Failure : Outcome.Success;
        }

        return outcomes;
    }

    private static void CheckReasons(PipelineResult result)
    {
        Dictionary<string, JobResult> byName = result.Jobs.ToDictionary(job => job.Name);
        foreach (JobResult job in result.Jobs)
        {
            string?[] allowed = job.Outcome switch
            {
                Outcome.Success => [null],
                Outcome.Failure => [$"{job.Name} is broken"],
                _ => [.. job.Needs.Where(name => byName[name].Outcome != Outcome.Success)
                    .Select(name => $"needs '{name}', which {(byName[name].Outcome == Outcome.Failure ? "failed" : "was skipped")}")],
            };
            Assert.Contains(job.Reason, allowed);
        }
    }

    private static void CheckEvents(PipelineResult result, IReadOnlyList<PipelineEvent> events)
    {
        Dictionary<string, int> finished = [];
        Dictionary<string, string[]> needs = result.Jobs.ToDictionary(job => job.Name, job => job.Needs.ToArray());
        for (int at = 0; at < events.Count; at++)
        {
            switch (events[at])
            {
                case JobStarted start:
                    Assert.All(needs[start.Job], needed => Assert.True(finished.ContainsKey(needed), $"{start.Job} started before {needed} ended."));
                    break;
                case JobFinished end:
                    Assert.True(finished.TryAdd(end.Job, at), $"{end.Job} ended twice.");
                    break;
            }
        }

        Assert.Equal(result.Jobs.Length, finished.Count);
    }
}

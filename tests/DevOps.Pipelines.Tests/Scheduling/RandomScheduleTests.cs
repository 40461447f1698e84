using DevOps.Pipelines.Testing;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests.Scheduling;

/// <summary>Random graphs by the thousand in virtual time, against a model that shares no code with the engine.</summary>
public sealed class RandomScheduleTests
{
    private const int Parts = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Portions => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(Portions))]
    public async Task RunAsync_WithoutLimits_DoesWhatTheModelDoesAtTheSameTimes(int part)
    {
        for (int i = 0; i < Soak.Times(2400) / Parts; i++)
        {
            int seed = Soak.Seed((i * Parts) + part);
            RandomJobs random = new(seed, shares: false);
            ModelRun model = new(random.Jobs) { StopsAfterFailure = random.StopsAfterFailure, CancelAt = random.CancelAt, SkipsAfterUnstable = random.AfterUnstable == AfterUnstable.Skip };
            TimeSpan duration = model.Run();
            (PipelineResult result, _) = await RunAsync(random, seed);

            string[] expected = [.. random.Jobs.Where(job => job.State != "absent").Select(job => $"{job.Name} {job.Outcome} {(job.StartedAt is { } at ? $"{at}" : "")} {job.Attempts}").Order()];
            string[] actual = [.. result.Jobs.Select(job => $"{job.Name} {job.Outcome} {Started(job, result, random)} {random.Seen.Count(seen => seen.Begins && seen.Job.Name == job.Name)}").Order()];
            Assert.True(expected.SequenceEqual(actual), $"Seed {seed}:\n{string.Join('\n', expected.Zip(actual).Where(pair => pair.First != pair.Second).Select(pair => $"model {pair.First}, engine {pair.Second}: {result.Jobs.First(job => pair.Second.StartsWith(job.Name + " ", StringComparison.Ordinal)).Reason}"))}");
            Assert.Equal((seed, model.Outcome, duration), (seed, result.Outcome, result.Duration));
            CheckReasons(seed, result, random.Jobs);
            CheckOrder(seed, random);
        }
    }

    [Theory]
    [MemberData(nameof(Portions))]
    public async Task RunAsync_WithLimits_EndsAsTheModelAndExceedsNone(int part)
    {
        for (int i = 0; i < Soak.Times(800) / Parts; i++)
        {
            int seed = Soak.Seed((i * Parts) + part);
            RandomJobs random = new(seed, shares: true);
            ModelRun model = new(random.Jobs) { SkipsAfterUnstable = random.AfterUnstable == AfterUnstable.Skip };
            TimeSpan atLeast = model.Run();
            (PipelineResult result, _) = await RunAsync(random, seed);

            Assert.Equal(
                [.. random.Jobs.Where(job => job.State != "absent").Select(job => (job.Name, job.Outcome)).Order()],
                result.Jobs.Select(job => (job.Name, job.Outcome)).Order());
            Assert.Equal((seed, model.Outcome), (seed, result.Outcome));
            Assert.True(result.Duration >= atLeast, $"Seed {seed}: {result.Duration} is shorter than the critical path, {atLeast}.");
            CheckReasons(seed, result, random.Jobs);
            CheckOrder(seed, random);
            CheckLimits(seed, random);
        }
    }

    [Fact]
    public async Task RunAsync_SameSeedTwice_GivesTheSameEvents()
    {
        for (int i = 0; i < Soak.Times(150); i++)
        {
            int seed = Soak.Seed(i);
            (_, string[] once) = await RunAsync(new(seed, shares: i % 2 == 0), seed);
            (_, string[] twice) = await RunAsync(new(seed, shares: i % 2 == 0), seed);
            Assert.Equal(once, twice);
        }
    }

    private static async Task<(PipelineResult Result, string[] Events)> RunAsync(RandomJobs random, int seed)
    {
        PipelineTester tester = new(new PipelineTesterOptions { Schedule = Schedule.Seeded(seed), RealGrace = TimeSpan.Zero, MaxRealWait = TimeSpan.FromSeconds(1) });
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using ITimer? timer = random.CancelAt is { } at ? tester.Clock.CreateTimer(_ => stop.Cancel(), null, at, Timeout.InfiniteTimeSpan) : null;
        PipelineResult result = await tester.RunAsync(
            random.Build(),
            new()
            {
                AfterFailure = random.StopsAfterFailure ? AfterFailure.Stop : AfterFailure.Continue,
                AfterUnstable = random.AfterUnstable,
                MaxConcurrency = random.MaxConcurrency,
                TeardownTimeout = TimeSpan.FromDays(30),
            },
            stop.Token);
        return (result, [.. tester.Events.Select(happened => happened switch
        {
            JobFinished finished => $"{finished.At:O} {finished.Job} {finished.Result.Outcome} {finished.Result.Reason}",
            JobStarted started => $"{started.At:O} {started.Job} {started.Attempt}",
            JobEvent other => $"{other.At:O} {other.Job} {other.GetType().Name}",
            _ => $"{happened.At:O} {happened.GetType().Name}",
        })]);
    }

    private static string Started(JobResult job, PipelineResult result, RandomJobs random) =>
        random.Jobs.First(other => other.Name == job.Name).IsGroup || job.StartedAt is not { } at || job.Outcome == Outcome.Skipped ? "" : $"{at - result.StartedAt}";

    /// <summary>Whoever is skipped says a condition of its own, or one of those it waits for that did not end well.</summary>
    private static void CheckReasons(int seed, PipelineResult result, ModelJob[] jobs)
    {
        foreach (JobResult job in result.Jobs)
        {
            ModelJob model = jobs.First(other => other.Name == job.Name);
            string reason = job.Reason ?? "";
            bool isSaid = job.Outcome switch
            {
                Outcome.Success => job.Reason is null,
                Outcome.Skipped => (model.Condition == false && reason.StartsWith("its condition is not met", StringComparison.Ordinal))
                    || (model.Stage > 0 && reason.StartsWith("needs stage '", StringComparison.Ordinal))
                    || model.Needs.Concat(model.Optional).Any(i => jobs[i].Outcome != Outcome.Success && reason.StartsWith($"needs '{jobs[i].Name}', which ", StringComparison.Ordinal)),
                Outcome.Cancelled => reason.StartsWith("the run was cancelled", StringComparison.Ordinal) || reason.Contains("stopped after '", StringComparison.Ordinal) || model.IsGroup,
                Outcome.TimedOut => reason.StartsWith("it took longer than ", StringComparison.Ordinal) || model.IsGroup,
                _ => reason == $"{job.Name} is broken" || reason.StartsWith("it took longer than ", StringComparison.Ordinal) || model.IsGroup,
            };
            Assert.True(isSaid, $"Seed {seed}: '{job.Name}' {job.Outcome}: {job.Reason}");
        }
    }

    /// <summary>Nobody begins before all it waits for was done with, and nobody is in two places.</summary>
    private static void CheckOrder(int seed, RandomJobs random)
    {
        HashSet<int> atWork = [];
        HashSet<int> begun = [];
        foreach ((ModelJob job, bool begins) in random.Seen)
        {
            if (!begins)
            {
                atWork.Remove(job.Index);
                continue;
            }

            Assert.True(atWork.Add(job.Index), $"Seed {seed}: {job.Name} is at work twice.");
            begun.Add(job.Index);
            foreach (int other in job.Needs.Concat(job.Optional).Concat(job.Order))
            {
                Assert.False(atWork.Contains(other) || (random.Jobs[other].StartedAt is not null && !random.Jobs[other].IsGroup && !begun.Contains(other)), $"Seed {seed}: {job.Name} began before {other} ended.");
            }
        }

        Assert.Empty(atWork);
    }

    private static void CheckLimits(int seed, RandomJobs random)
    {
        List<ModelJob> atWork = [];
        foreach ((ModelJob job, bool begins) in random.Seen)
        {
            if (begins)
            {
                atWork.Add(job);
            }
            else
            {
                atWork.Remove(job);
            }

            string[] held = [.. atWork.SelectMany(other => other.Locks)];
            Assert.True(atWork.Count <= random.MaxConcurrency && atWork.Sum(other => other.Units) <= 3 && held.Length == held.Distinct().Count(), $"Seed {seed}: {string.Join(' ', atWork.Select(other => other.Name))} were at work together.");
        }
    }
}

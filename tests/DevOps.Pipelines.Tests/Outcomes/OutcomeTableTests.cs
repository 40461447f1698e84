using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Outcomes;

/// <summary>Every row of docs/outcomes.md.</summary>
public sealed class OutcomeTableTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly PipelineTester _tester = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string[]> Order => [.. OutcomePage.Rows("order")];

    public static TheoryData<string[]> Edges => [.. OutcomePage.Rows("edges")];

    public static TheoryData<string[]> Attempts => [.. OutcomePage.Rows("attempts")];

    public static TheoryData<string[]> Stops => [.. OutcomePage.Rows("stops")];

    public static TheoryData<string[]> Posts => [.. OutcomePage.Rows("post")];

    [Theory]
    [MemberData(nameof(Order))]
    public void Outcome_Row_IsAsTheCodeHasIt(string[] row)
    {
        Outcome outcome = Enum.Parse<Outcome>(row[1]);
        Assert.Equal((row[0], row[3], row[4]), ($"{(int)outcome}", outcome.IsGood() ? "yes" : "no", outcome.IsFailed() ? "yes" : "no"));
        Assert.Equal(Enum.GetValues<Outcome>().Length, Order.Count);
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public async Task Edge_Row_LetsThroughWhatItSays(string[] row)
    {
        Job other = AddEnding(row[0]);
        Job[] after =
        [
            _builder.AddJob("needs", Nothing).Needs(other),
            _builder.AddJob("if planned", Nothing).NeedsIfPlanned(other),
            _builder.AddJob("after", Nothing).After(other),
            _builder.AddJob("always", Nothing).Needs(other).RunsAlways(),
        ];
        RunOptions options = new() { StopTimeout = TimeSpan.FromSeconds(1) };

        PipelineResult result = await _tester.RunAsync(_builder.Build(), options, Cancellation);
        PipelineResult strict = await new PipelineTester().RunAsync(_builder.Build(), options with { AfterUnstable = AfterUnstable.Skip }, Cancellation);

        Assert.Equal(row[0].Split(' ')[0], $"{result.Jobs.First(job => job.Name == other.Name).Outcome}");
        string[] actual = [.. after.Select(job => Told(result, job.Name)), Told(strict, "needs")];
        Assert.Equal(row[1..], actual);
    }

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task Attempt_Row_BecomesWhatItSays(string[] row)
    {
        bool marks = row[1] == "MarkUnstable";
        _tester.Processes.On("work", [], new ProcessAnswer { ExitCode = row[0].StartsWith("ExitCode", StringComparison.Ordinal) ? int.Parse(row[0][9..], null) : 0 });
        Job job = _builder.AddJob("job", async context =>
        {
            if (marks)
            {
                context.MarkUnstable("look");
            }

            await context.RunAsync("work", []);
            await (row[0] switch
            {
                "Failure" => throw new InvalidOperationException("broken"),
                "TimedOut" or "Cancelled" => Task.Delay(TimeSpan.FromHours(1), context.TimeProvider, context.Cancellation),
                _ => Task.CompletedTask,
            });
        });
        _ = row[1] switch
        {
            "WithTolerance()" => job.WithTolerance(),
            "WithTolerance(CountsAs = Success)" => job.WithTolerance(new Tolerance { CountsAs = Outcome.Success }),
            "WithTolerance(ExitCodes = [42])" => job.WithTolerance(new Tolerance { ExitCodes = [42] }),
            "nothing" or "MarkUnstable" => job,
            _ => throw new InvalidDataException(row[1]),
        };
        if (row[0] == "TimedOut")
        {
            job.WithTimeout(TimeSpan.FromMinutes(1));
        }

        using CancellationTokenSource stop = new(row[0] == "Cancelled" ? TimeSpan.FromMinutes(1) : Timeout.InfiniteTimeSpan, _tester.Clock);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: stop.Token);

        Assert.Equal((row[2], row[3], row[3]), ($"{result.Jobs[0].Outcome}", $"{result.Jobs[0].CountsAs}", $"{result.Outcome}"));
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task Stop_Row_DoesWhatItSays(string[] row)
    {
        Func<JobContext, Task> hour = job => Task.Delay(TimeSpan.FromHours(1), job.TimeProvider, job.Cancellation);
        Job atWork = _builder.AddJob("at work", hour);
        Job notStarted = _builder.AddJob("not started", Nothing).After(atWork);
        Job again = _builder.AddJob("again", _ => throw new IOException("broken")).WithRetry(new RetryOptions { Delay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) });
        Job always = _builder.AddJob("always", Nothing).After(atWork).RunsAlways();
        bool fails = row[0].Contains("Fail", StringComparison.Ordinal);
        Job fuse = _builder.AddJob("fuse", async job =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), job.TimeProvider, job.Cancellation);
            if (fails)
            {
                throw new InvalidOperationException("broken");
            }
        });
        if (row[0].StartsWith("FailFast", StringComparison.Ordinal))
        {
            System.Collections.Immutable.ImmutableArray<Job> together = [atWork, notStarted, again, always, fuse];
            together.FailFast();
        }

        using CancellationTokenSource stop = new(row[0] == "cancellation" ? TimeSpan.FromMinutes(2) : Timeout.InfiniteTimeSpan, _tester.Clock);
        RunOptions options = new()
        {
            Timeout = row[0] == "RunOptions.Timeout" ? TimeSpan.FromMinutes(2) : null,
            AfterFailure = row[0] == "AfterFailure.Stop" ? AfterFailure.Stop : AfterFailure.Continue,
        };
        PipelineResult result = await _tester.RunAsync(_builder.Build(), options, stop.Token);

        string[] actual = [Told(result, "at work"), Told(result, "not started"), Told(result, "again"), Told(result, "always"), $"{result.Outcome}"];
        Assert.Equal(row[1..], actual);
        Assert.Equal(TimeSpan.FromMinutes(fails ? 1 : 2), result.Duration);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public void PostCondition_Row_IsMetWhenItSays(string[] row)
    {
        int at = Posts.Select(data => data.Data[0]).ToList().IndexOf(row[0]);
        Func<Outcome, Outcome?, bool> says = row[1] switch
        {
            "every end" or "every end, after all others" => (_, _) => true,
            "the outcome is not that of the last completed run, or there was none" => (now, before) => before is null || now != before,
            "Success, and the last completed run was Unstable, TimedOut or Failure" => (now, before) => now == Outcome.Success && before is Outcome.Unstable or Outcome.TimedOut or Outcome.Failure && now == Outcome.Success,
            "worse than the last completed run, which was Success or Unstable" => (now, before) => before is Outcome.Success or Outcome.Unstable && now > before,
            "anything but Success" => (now, _) => now != Outcome.Success,
            _ => (now, _) => row[1].Split(':')[0].Split(" or ").Contains($"{now}"),
        };
        string name = row[0].Replace("On", "", StringComparison.Ordinal);
        PostCondition condition = Enum.Parse<PostCondition>(name);
        Assert.Equal(Enum.GetNames<PostCondition>(), Posts.Select(data => data.Data[0].Replace("On", "", StringComparison.Ordinal)));
        foreach (Outcome now in Enum.GetValues<Outcome>())
        {
            foreach (Outcome? before in Enum.GetValues<Outcome>().Select(outcome => (Outcome?)outcome).Append(null))
            {
                Assert.Equal((row[0], now, before, says(now, before)), (row[0], now, before, new PostWork(condition, _ => Task.CompletedTask).IsMet(now, before)));
            }
        }
    }

    [Fact] // The words below the table of edges: what is skipped by its own condition counts for nothing, whatever it stands behind.
    public async Task Edge_AlwaysRunJobSkippedByItsConditionBehindAFailure_CountsForNothing()
    {
        Job bad = AddEnding("Failure");
        Job always = _builder.AddJob("always", Nothing).Needs(bad).RunsAlways().OnlyIf(_ => false);
        _builder.AddJob("if planned", Nothing).NeedsIfPlanned(always);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal([Outcome.Failure, Outcome.Skipped, Outcome.Success], result.Jobs.Select(job => job.Outcome));
    }

    [Theory] // A job that needs one skipped by its condition and one that fails: who ends first must not matter.
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Edge_ConditionAndFailure_InAnyOrderEndTheSame(int skips, int fails)
    {
        Job wait = _builder.AddJob("wait", job => Task.Delay(TimeSpan.FromSeconds(skips), job.TimeProvider, job.Cancellation));
        Job skipped = _builder.AddJob("skipped", Nothing).Needs(wait).OnlyIf(_ => false);
        Job bad = _builder.AddJob("bad", async job =>
        {
            await Task.Delay(TimeSpan.FromSeconds(fails), job.TimeProvider, job.Cancellation);
            throw new InvalidOperationException("broken");
        });
        Job both = _builder.AddJob("both", Nothing).Needs(skipped, bad);
        _builder.AddJob("if planned", Nothing).NeedsIfPlanned(both);
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal([(Outcome.Skipped, "needs 'bad', which failed"), (Outcome.Skipped, "needs 'both', which was skipped")], result.Jobs.TakeLast(2).Select(job => (job.Outcome, job.Reason)));
    }

    /// <summary>Adds a job that ends as the table names it.</summary>
    private Job AddEnding(string how)
    {
        switch (how)
        {
            case "Skipped by its condition":
                return _builder.AddJob("other", Nothing).OnlyIf(_ => false);
            case "Skipped behind a failure":
                return _builder.AddJob("other", Nothing).Needs(_builder.AddJob("bad", _ => throw new InvalidOperationException("broken")));
            case "Cancelled":
                Job hangs = _builder.AddJob("other", job => Task.Delay(TimeSpan.FromHours(1), job.TimeProvider, job.Cancellation));
                System.Collections.Immutable.ImmutableArray<Job> together = [hangs, _builder.AddJob("bad", _ => throw new InvalidOperationException("broken"))];
                together.FailFast();
                return hangs;
            default:
                Job other = _builder.AddJob("other", async job =>
                {
                    switch (how)
                    {
                        case "Unstable":
                            job.MarkUnstable("look");
                            break;
                        case "Failure":
                            throw new InvalidOperationException("broken");
                        case "TimedOut":
                            await Task.Delay(TimeSpan.FromHours(1), job.TimeProvider, job.Cancellation);
                            break;
                    }
                });
                return other.WithTimeout(TimeSpan.FromMinutes(1));
        }
    }

    private static string Told(PipelineResult result, string job) => result.Jobs.First(other => other.Name == job).Outcome switch { Outcome.Success => "runs", { } other => $"{other}" };

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

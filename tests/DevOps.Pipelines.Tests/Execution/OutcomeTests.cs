using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>What the end of one job does to the others and to the run.</summary>
public sealed class OutcomeTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Failure_SkipsAllBehindItAndNothingElse()
    {
        Job test = _builder.AddJob("test", _ => throw new InvalidOperationException("broken"));
        Job push = _builder.AddJob("push", Nothing).Needs(test);
        _builder.AddJob("deploy", Nothing).Needs(push);
        Job lint = _builder.AddJob("lint", Nothing);
        _builder.AddJob("report", Nothing).Needs(lint);
        _builder.AddJob("join", Nothing).Needs(lint, push);

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);

        Assert.Equal(Outcome.Failure, result.Outcome);
        Assert.Equal(
            [
                ("test", Outcome.Failure, "broken"),
                ("push", Outcome.Skipped, "needs 'test', which failed"),
                ("deploy", Outcome.Skipped, "needs 'push', which was skipped"),
                ("lint", Outcome.Success, null),
                ("report", Outcome.Success, null),
                ("join", Outcome.Skipped, "needs 'push', which was skipped"),
            ],
            result.Jobs.Select(job => (job.Name, job.Outcome, job.Reason)));
        Assert.Equal(("System.InvalidOperationException", "broken", Failure.Exception), (result.Jobs[0].Error!.Type, result.Jobs[0].Error!.Message, result.Jobs[0].Error!.Kind));
        Assert.All(result.Jobs.Skip(1), job => Assert.Null(job.Error));
        Assert.All(result.Jobs.Where(job => job.Outcome == Outcome.Skipped), job => Assert.Equal((null, TimeSpan.Zero), (job.StartedAt, job.Duration)));
        Assert.Equal([["test"], ["push"]], result.Jobs.Skip(1).Take(2).Select(job => job.Needs.ToArray()));
    }

    [Fact]
    public async Task RunAsync_Failure_IsTheLastLineOfTheLog()
    {
        _builder.AddJob("a", job =>
        {
            job.Log("before");
            throw new InvalidOperationException("broken");
        });

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal([(LogSource.Job, "before"), (LogSource.Error, "broken")], result.Jobs[0].Log.Select(line => (line.Source, line.Text)));
    }

    [Fact]
    public async Task RunAsync_FailureOfSeveralLines_BecomesLinesOfTheLog()
    {
        _builder.AddJob("a", _ => throw new InvalidOperationException("first\nsecond\r\nthird"));
        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(["first", "second", "third"], result.Jobs[0].Log.Select(line => line.Text));
    }

    [Fact]
    public async Task RunAsync_Failure_SkipsAtOnceWhileOtherNeedsWork()
    {
        // "other" ends only after "both" was skipped.
        TaskCompletionSource skipped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Job bad = _builder.AddJob("bad", _ => throw new InvalidOperationException("broken"));
        Job other = _builder.AddJob("other", _ => skipped.Task.WaitAsync(Cancellation));
        _builder.AddJob("both", Nothing).Needs(other, bad);
        PipelineResult result = await _builder.Build().RunAsync(
            new()
            {
                Progress = new Watcher(happened =>
                {
                    if (happened is JobFinished { Job: "both" })
                    {
                        skipped.SetResult();
                    }
                }),
            },
            Cancellation);

        Assert.Equal([Outcome.Failure, Outcome.Success, Outcome.Skipped], result.Jobs.Select(job => job.Outcome));
        Assert.Equal("needs 'bad', which failed", result.Jobs[2].Reason);
    }

    [Fact]
    public async Task RunAsync_TwoFailuresBeforeOneJob_SkipItOnce()
    {
        RecordingProgress<PipelineEvent> progress = new();
        Job first = _builder.AddJob("first", _ => throw new InvalidOperationException("one"));
        Job second = _builder.AddJob("second", _ => throw new InvalidOperationException("two"));
        _builder.AddJob("behind", Nothing).Needs(first, second);
        await _builder.Build().RunAsync(new() { Progress = progress }, Cancellation);

        Assert.Single(progress.Reports, happened => happened is JobFinished { Job: "behind" });
        Assert.DoesNotContain(progress.Reports, happened => happened is JobStarted { Job: "behind" });
    }

    [Fact]
    public async Task RunAsync_JobCancelsItself_IsAFailure()
    {
        using CancellationTokenSource own = new();
        await own.CancelAsync();
        Job cancelsItself = _builder.AddJob("own", _ => throw new OperationCanceledException(own.Token));
        _builder.AddJob("task", _ => Task.FromCanceled(own.Token));
        _builder.AddJob("timeout", _ => throw new TaskCanceledException("The request timed out."));
        _builder.AddJob("behind", Nothing).Needs(cancelsItself);

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal([Outcome.Failure, Outcome.Failure, Outcome.Failure, Outcome.Skipped], result.Jobs.Select(job => job.Outcome));
        Assert.Equal(typeof(OperationCanceledException).FullName, result.Jobs[0].Error!.Type);
        Assert.Equal("The request timed out.", result.Jobs[2].Reason);
        Assert.Equal("needs 'own', which failed", result.Jobs[3].Reason);
    }

    [Fact]
    public async Task RunAsync_JobReturnsNoTask_IsAFailure()
    {
        _builder.AddJob("a", (Func<JobContext, Task>)(_ => null!));
        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(Outcome.Failure, result.Jobs[0].Outcome);
    }

    [Theory] // The documented order: success, cancelled, failure; a skipped job adds nothing.
    [InlineData(false, false, Outcome.Success)]
    [InlineData(true, false, Outcome.Failure)]
    [InlineData(false, true, Outcome.Cancelled)]
    [InlineData(true, true, Outcome.Failure)]
    public async Task RunAsync_Outcome_IsThatOfTheWorstJob(bool fails, bool cancelled, Outcome expected)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Job good = _builder.AddJob("good", Nothing);
        Job bad = _builder.AddJob("bad", _ => fails ? throw new InvalidOperationException("broken") : Task.CompletedTask).Needs(good);
        _builder.AddJob("stopped", async job =>
        {
            if (cancelled)
            {
                await stop.CancelAsync();
                job.Cancellation.ThrowIfCancellationRequested();
            }
        }).Needs(good);

        // The order decides: the failure is there before the cancellation.
        _builder.AddJob("behind", Nothing).Needs(bad);
        PipelineResult result = await _builder.Build().RunAsync(new() { MaxConcurrency = 1 }, stop.Token);
        Assert.Equal(expected, result.Outcome);
    }

    [Fact]
    public void Outcome_Values_AreInTheOrderInWhichTheyCombine() =>
        Assert.Equal([Outcome.Skipped, Outcome.Success, Outcome.Unstable, Outcome.Cancelled, Outcome.TimedOut, Outcome.Failure], Enum.GetValues<Outcome>());

    private static Task Nothing(JobContext job) => Task.CompletedTask;

    private sealed class Watcher(Action<PipelineEvent> see) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value) => see(value);
    }
}

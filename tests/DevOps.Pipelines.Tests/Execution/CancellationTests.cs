using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class CancellationTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_CancelledBefore_StartsNothing()
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        RecordingProgress<PipelineEvent> progress = new();
        Job a = _builder.AddJob("a", _ => throw new InvalidOperationException("must not start"));
        _builder.AddJob("b", Nothing).Needs(a);

        PipelineResult result = await _builder.Build().RunAsync(new() { Progress = progress }, stop.Token);

        Assert.Equal(Outcome.Cancelled, result.Outcome);
        Assert.All(result.Jobs, job => Assert.Equal((Outcome.Cancelled, null, "the run was cancelled before it could start"), (job.Outcome, job.StartedAt, job.Reason)));
        Assert.Equal(["a", "b"], progress.Reports.OfType<JobFinished>().Select(happened => happened.Job).Order());
    }

    [Fact]
    public async Task RunAsync_Cancelled_TellsJobsAtWorkAndStartsNoOther()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        TaskCompletionSource never = new();
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Job done = _builder.AddJob("done", Nothing);
        Job waits = _builder.AddJob("waits", async job =>
        {
            await second.Task.WaitAsync(Cancellation);
            await stop.CancelAsync();
            await never.Task.WaitAsync(job.Cancellation);
        }).Needs(done);
        _builder.AddJob("waits too", async job =>
        {
            second.SetResult();
            await never.Task.WaitAsync(job.Cancellation);
        }).Needs(done);
        Job ready = _builder.AddJob("ready", Nothing).Needs(done);
        _builder.AddJob("behind", Nothing).Needs(waits);
        _builder.AddJob("behind ready", Nothing).Needs(ready);

        PipelineResult result = await _builder.Build().RunAsync(new() { MaxConcurrency = 2 }, stop.Token);

        Assert.Equal(Outcome.Cancelled, result.Outcome);
        Assert.Equal(
            [
                ("done", Outcome.Success, null),
                ("waits", Outcome.Cancelled, "the run was cancelled"),
                ("waits too", Outcome.Cancelled, "the run was cancelled"),
                ("ready", Outcome.Cancelled, "the run was cancelled before it could start"),
                ("behind", Outcome.Cancelled, "the run was cancelled before it could start"),
                ("behind ready", Outcome.Cancelled, "the run was cancelled before it could start"),
            ],
            result.Jobs.Select(job => (job.Name, job.Outcome, job.Reason)));
        Assert.All(result.Jobs, job => Assert.Null(job.Error));
        Assert.Equal([true, true, true, false, false, false], result.Jobs.Select(job => job.StartedAt is not null));
    }

    [Fact]
    public async Task RunAsync_Cancelled_WaitsForAJobThatGoesOn()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        TaskCompletionSource cleaned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _builder.AddJob("cleans up", async _ =>
        {
            started.SetResult();
            await cleaned.Task.WaitAsync(Cancellation);
        });
        Task<PipelineResult> run = _builder.Build().RunAsync(cancellationToken: stop.Token);
        await started.Task.WaitAsync(Cancellation);
        await stop.CancelAsync();

        Assert.False(run.IsCompleted);
        cleaned.SetResult();
        PipelineResult result = await run;
        Assert.Equal((Outcome.Success, Outcome.Success), (result.Outcome, result.Jobs[0].Outcome));
    }

    [Fact]
    public async Task RunAsync_FailsAfterCancellation_IsAFailure()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Job bad = _builder.AddJob("bad", async _ =>
        {
            await stop.CancelAsync();
            throw new InvalidOperationException("could not clean up");
        });
        _builder.AddJob("behind", Nothing).Needs(bad);

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: stop.Token);
        Assert.Equal([Outcome.Failure, Outcome.Cancelled], result.Jobs.Select(job => job.Outcome));
        Assert.Equal(Outcome.Failure, result.Outcome);
    }

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>Stops that meet other stops, the work that follows, and jobs that have not quite begun.</summary>
public sealed class StopOrderTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PipelineBuilder _builder = new("ship");
    private readonly VirtualTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly MemoryRunStore _store = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _never = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, Outcome.Cancelled, "the run was cancelled")]
    [InlineData(false, Outcome.TimedOut, "it took longer than 01:00:00")]
    public async Task CancelledAndTimedOut_TheFirstOfBothIsTheReason(bool cancelsFirst, Outcome outcome, string reason)
    {
        TaskCompletionSource cleaned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _builder.AddJob("job", async job =>
        {
            _started.SetResult();
            try
            {
                await _never.Task.WaitAsync(job.Cancellation);
            }
            catch (OperationCanceledException)
            {
                await cleaned.Task.WaitAsync(Cancellation);
                throw;
            }
        }).WithTimeout(Hour);
        PipelineRun run = await _builder.Build().StartAsync(new() { TimeProvider = _clock, StopTimeout = TimeSpan.FromHours(9) }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        if (cancelsFirst)
        {
            run.Cancel();
            _clock.Advance(Hour);
        }
        else
        {
            _clock.Advance(Hour);
            run.Cancel();
        }

        cleaned.SetResult();
        JobResult job = (await EndAsync(run)).Jobs[0];
        Assert.Equal((outcome, reason), (job.Outcome, job.Reason));
    }

    [Fact]
    public async Task Cancelled_ClearingUpTookAllItsTime_WorkBehindTheRunHasItsOwn()
    {
        List<string> told = [];
        TaskCompletionSource cleaning = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _builder.AddJob("job", async job =>
        {
            _started.SetResult();
            await _never.Task.WaitAsync(job.Cancellation);
        });
        _builder.AddFinally("clean up", async job =>
        {
            cleaning.SetResult();
            await _never.Task.WaitAsync(job.Cancellation);
        });
        PostConditions post = PostConditions.None
            .OnAborted(async work =>
            {
                await Task.Yield();
                work.Cancellation.ThrowIfCancellationRequested();
                told.Add("aborted");
            })
            .OnFailure(_ =>
            {
                told.Add("failed");
                return Task.CompletedTask;
            });
        Pipeline pipeline = _builder.WithPost(post).Build();
        PipelineRun run = await pipeline.StartAsync(new() { Store = _store, RunId = "run", TimeProvider = _clock, TeardownTimeout = Hour }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        run.Cancel();
        await cleaning.Task.WaitAsync(Cancellation);
        _clock.Advance(Hour);
        Assert.Equal(Outcome.Cancelled, (await EndAsync(run)).Outcome);
        Assert.Equal(["aborted"], told);
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", new() { Store = _store }, Cancellation);
        resumed.Cancel();
    }

    [Fact]
    public async Task Cancelled_WorkBehindTheRunHangs_IsEnded()
    {
        _builder.AddJob("job", _ => Task.CompletedTask);
        _builder.WithPost(PostConditions.None.Always(async work =>
        {
            _started.SetResult();
            await _never.Task.WaitAsync(work.Cancellation);
        }));
        PipelineRun run = await _builder.Build().StartAsync(new() { TimeProvider = _clock, TeardownTimeout = Hour }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        run.Cancel();
        _clock.Advance(Hour);
        PipelineResult result = await EndAsync(run);
        Assert.Equal(Outcome.Success, result.Jobs[0].Outcome);
        Assert.Single(result.PostErrors);
    }

    [Theory]
    [InlineData("condition")]
    [InlineData("cache")]
    [InlineData("record")]
    public async Task Cancelled_JobHasNotQuiteBegun_DoesNotRun(string where)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bool ran = false;
        Job job = _builder.AddJob("job", _ =>
        {
            ran = true;
            return Task.CompletedTask;
        });
        IRunStore store = _store;
        switch (where)
        {
            case "condition":
                job.OnlyIf(_ => StopAnd(true));
                break;
            case "cache":
                job.CachedBy((_, fingerprint) => StopAnd(fingerprint.WithVersion("1")));
                break;
            default:
                job.WithInDoubt(InDoubtPolicy.Fail);
                store = new WritingStore(_store, record => _ = record == RecordKind.JobStarted && StopAnd(true));
                break;
        }

        T StopAnd<T>(T value)
        {
            stop.Cancel();
            return value;
        }

        RunOptions options = new() { Store = store, RunId = "run", Results = new(new FolderCacheRecords(directory.Path)) };
        PipelineResult result = await _builder.Build().RunAsync(options, stop.Token).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal((Outcome.Cancelled, Outcome.Cancelled, false), (result.Outcome, result.Jobs[0].Outcome, ran));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelled_JobBreaksOnIt_OrAnotherHadFailed_CanBeResumed(bool breaks)
    {
        bool isMended = false;
        int ran = 0;
        Job fails = _builder.AddJob("fails", _ => isMended || breaks ? Task.CompletedTask : throw new InvalidOperationException("broken"));
        _builder.AddJob("job", async job =>
        {
            ran++;
            _started.TrySetResult();
            if (!isMended)
            {
                try
                {
                    await _never.Task.WaitAsync(job.Cancellation);
                }
                catch (OperationCanceledException e) when (breaks)
                {
                    throw new IOException("connection aborted", e);
                }
            }
        }).After(fails);
        Pipeline pipeline = _builder.Build();
        PipelineRun run = await pipeline.StartAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        run.Cancel();
        PipelineResult result = await EndAsync(run);
        Assert.Equal(breaks ? [Outcome.Success, Outcome.Failure] : [Outcome.Failure, Outcome.Cancelled], result.Jobs.Select(job => job.Outcome));

        isMended = true;
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", new() { Store = _store }, Cancellation);
        result = await EndAsync(resumed);
        Assert.Equal(breaks ? Outcome.Success : Outcome.Failure, result.Outcome);
        Assert.Equal((true, false, 2), (result.Jobs[0].IsRestored, result.Jobs[1].IsRestored, ran));
    }

    [Fact]
    public async Task Faulted_TellsItsEndAndGivesTheLeaseBack()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        RecordingProgress<PipelineEvent> progress = new();
        using ActiveRuns active = new("ship faulted");
        PipelineBuilder builder = new("ship faulted");
        builder.AddJob("job", _ => Task.CompletedTask);
        Pipeline pipeline = builder.Build();
        FolderRunStore folder = new(directory.Path);
        WritingStore full = new(folder, record => ThrowAt(RecordKind.JobFinished, record));
        await Assert.ThrowsAsync<JournalWriteException>(() => pipeline.RunAsync(new() { Store = full, RunId = "run", Progress = progress }, Cancellation));
        RunFinished finished = Assert.IsType<RunFinished>(progress.Reports[^1]);
        Assert.Single(progress.Reports.OfType<RunFinished>());
        Assert.Equal(Outcome.Failure, finished.Result.Outcome);
        Assert.Contains("the run was broken off", finished.Result.Reason, StringComparison.Ordinal);
        Assert.Equal([1, -1], active.Changes);

        await using PipelineRun resumed = await pipeline.ResumeAsync("run", new() { Store = folder }, Cancellation);
        Assert.Equal(Outcome.Success, (await EndAsync(resumed)).Outcome);
    }

    [Fact]
    public async Task LastRecordFails_LeaseIsFree()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        _builder.AddJob("job", _ => Task.CompletedTask);
        Pipeline pipeline = _builder.Build();
        FolderRunStore folder = new(directory.Path);
        WritingStore full = new(folder, record => ThrowAt(RecordKind.Finished, record));
        await Assert.ThrowsAsync<JournalWriteException>(() => pipeline.RunAsync(new() { Store = full, RunId = "run" }, Cancellation));
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", new() { Store = folder }, Cancellation);
        PipelineResult result = await EndAsync(resumed);
        Assert.Equal((Outcome.Success, true), (result.Outcome, result.Jobs[0].IsRestored));
    }

    private static void ThrowAt(RecordKind full, RecordKind record)
    {
        if (record == full)
        {
            throw new JournalWriteException("journal", new IOException("No space left on device"));
        }
    }

    private static Task<PipelineResult> EndAsync(PipelineRun run) => run.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
}

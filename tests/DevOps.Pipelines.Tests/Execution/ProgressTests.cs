namespace DevOps.Pipelines.Tests;

/// <summary>A watcher that throws is a mistake of the host; it must not leave the run without an end.</summary>
public sealed class ProgressTests
{
    [Theory(Timeout = 10_000)] // Not a measure: without a limit, a run that never ends would never be told.
    [InlineData(typeof(JobStarted))]
    [InlineData(typeof(JobLogged))]
    [InlineData(typeof(JobStatusChanged))]
    [InlineData(typeof(JobFinished))]
    public async Task RunAsync_ProgressThrows_EndsOnceNoJobWorks(Type thrownFor)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int working = 0;
        PipelineBuilder builder = new("ship");
        Job noisy = builder.AddJob("noisy", job =>
        {
            job.Log("line");
            job.SetStatus("status");
            release.TrySetResult();
            return Task.CompletedTask;
        });
        builder.AddJob("behind", _ => Task.CompletedTask).Needs(noisy);
        builder.AddJob("sibling", async _ =>
        {
            Interlocked.Increment(ref working);
            await release.Task.WaitAsync(cancellation);
            Interlocked.Decrement(ref working);
        });
        Watcher progress = new(happened =>
        {
            if (happened is JobEvent { Job: "noisy" } && happened.GetType() == thrownFor)
            {
                release.TrySetResult();
                throw new InvalidOperationException("the screen is gone");
            }
        });

        // Whether the run then fails or goes on without its watcher is for the library to say; here it only has to end.
        await Record.ExceptionAsync(() => builder.Build().RunAsync(new() { Progress = progress }, cancellation).WaitAsync(cancellation));
        Assert.False(cancellation.IsCancellationRequested, "The run never ended.");
        Assert.Equal(0, Volatile.Read(ref working));
    }

    [Fact]
    public async Task RunAsync_WatcherIsSlow_IsToldOfEveryJobBeforeTheRunEnds()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim isOver = new();
        List<PipelineEvent> seen = [];
        PipelineBuilder builder = new("ship");
        Job broken = builder.AddJob("broken", _ => throw new InvalidOperationException("broken"));
        builder.AddJob("behind", _ => Task.CompletedTask).Needs(broken);
        builder.AddJob("last", _ => release.Task.WaitAsync(cancellation));
        Watcher progress = new(happened =>
        {
            if (happened is JobFinished { Job: "behind" })
            {
                // The last job ends on another thread while this one still tells; a run that ended then would do so within this time.
                release.TrySetResult();
                isOver.Wait(TimeSpan.FromMilliseconds(200), cancellation);
            }
            else if (happened is RunFinished)
            {
                isOver.Set();
            }

            lock (seen)
            {
                seen.Add(happened);
            }
        });

        await builder.Build().RunAsync(new() { Progress = progress }, cancellation);
        Assert.Equal(3, seen.OfType<JobFinished>().Count());
        Assert.IsType<RunFinished>(seen[^1]);
    }

    private sealed class Watcher(Action<PipelineEvent> see) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value) => see(value);
    }
}

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
        Thrower progress = new(happened =>
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

    private sealed class Thrower(Action<PipelineEvent> see) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value) => see(value);
    }
}

using System.Diagnostics;
using System.Globalization;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Processes as a job runs them.</summary>
public sealed class ProcessJobTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Process_IsLoggedWithItsCommand()
    {
        string? output = null;
        JobResult result = await Shell.RunJobAsync(
            async job => output = (await job.RunAsync("/bin/sh", ["-c", "echo hello world"])).Output, cancellationToken: Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal("hello world\n", output);
        Assert.Equal([(LogSource.Job, "> /bin/sh -c 'echo hello world'"), (LogSource.Output, "hello world")], result.Log.Select(line => (line.Source, line.Text)));
    }

    [Fact]
    public async Task RunAsync_ProcessFails_TheJobFailsWithItsError()
    {
        JobResult result = await Shell.RunJobAsync(job => job.RunAsync("/bin/sh", ["-c", "echo why >&2; exit 3"]), cancellationToken: Cancellation);

        JobError error = Assert.IsType<JobError>(result.Error);
        Assert.Equal((Outcome.Failure, 3, Failure.ExitCode), (result.Outcome, error.ExitCode, error.Kind));
        Assert.EndsWith("why", error.Message, StringComparison.Ordinal);
        Assert.Contains(result.Log, line => line is { Source: LogSource.Error, Text: "why" });
    }

    [Fact]
    public async Task RunAsync_BadArguments_AreRefused()
    {
        JobResult result = await Shell.RunJobAsync(job => job.RunAsync("", []), cancellationToken: Cancellation);
        Assert.Equal(typeof(ArgumentException).FullName, result.Error?.Type);
        result = await Shell.RunJobAsync(job => job.RunAsync("cat", null!), cancellationToken: Cancellation);
        Assert.Equal(typeof(ArgumentNullException).FullName, result.Error?.Type);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheProcessAndItsChildren()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        TaskCompletionSource<int[]> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<JobResult> run = Shell.RunJobAsync(
            job => job.RunAsync("/bin/sh", ["-c", "/bin/sh -c 'sleep 600 & echo $$ $! $PPID; wait' & wait"]),
            new() { Progress = new IdWatcher(started) },
            stop.Token);
        int[] ids = await started.Task.WaitAsync(Cancellation);
        Assert.Equal(3, ids.Length);
        Assert.All(ids, id => Assert.False(Shell.IsGone(id)));

        await stop.CancelAsync();
        JobResult result = await run;

        Assert.Equal((Outcome.Cancelled, "the run was cancelled"), (result.Outcome, result.Reason));
        foreach (int id in ids)
        {
            Assert.True(await Shell.BecomesTrueAsync(() => Shell.IsGone(id)), $"Process {id} is still there.");
        }
    }

    [Fact]
    public async Task RunAsync_IgnoresTermination_IsEnded()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        TaskCompletionSource<int[]> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<JobResult> run = Shell.RunJobAsync(
            job => job.RunAsync("/bin/sh", ["-c", "trap '' TERM INT HUP; echo $$; while :; do sleep 600; done"], new() { GracePeriod = TimeSpan.FromMilliseconds(50) }), new() { Progress = new IdWatcher(started) }, stop.Token);
        int id = Assert.Single(await started.Task.WaitAsync(Cancellation));
        await stop.CancelAsync();

        Assert.Equal(Outcome.Cancelled, (await run).Outcome);
        Assert.True(await Shell.BecomesTrueAsync(() => Shell.IsGone(id)), $"Process {id} is still there.");
    }

    [Theory]
    [InlineData(0, Outcome.Success)]
    [InlineData(5, Outcome.Failure)]
    public async Task RunAsync_ChildKeepsThePipe_DoesNotHang(int code, Outcome expected)
    {
        TaskCompletionSource<int[]> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JobResult result = await Shell.RunJobAsync(
            job => job.RunAsync("/bin/sh", ["-c", "sleep 600 & echo $!; exit $0", $"{code}"]), new() { Progress = new IdWatcher(started) }, Cancellation);
        int id = Assert.Single(await started.Task.WaitAsync(Cancellation));
        try
        {
            Assert.Equal(expected, result.Outcome);
            Assert.Contains(result.Log, line => line.Text == $"{id}");
            Assert.False(Shell.IsGone(id), "What a program leaves behind on purpose, as a build server, stays.");
        }
        finally
        {
            using Process left = Process.GetProcessById(id);
            left.Kill();
        }
    }

    [Fact]
    public async Task RunAsync_ChildWritesAfterTheJob_TheJobsEventsStayEnded()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        RecordingProgress<PipelineEvent> progress = new();
        string fifo = directory.PathOf("go");
        JobResult result = await Shell.RunJobAsync(
            job => job.RunAsync("/bin/sh", ["-c", "mkfifo \"$0\"; (read x <\"$0\"; echo late) & echo $!", fifo]), new() { Progress = progress }, Cancellation);
        int id = int.Parse(result.Log[^1].Text, CultureInfo.InvariantCulture);

        await Shell.ScriptAsync("echo now >\"$1\"", fifo);
        Assert.True(await Shell.BecomesTrueAsync(() => Shell.IsGone(id)));
        Assert.False(await Shell.BecomesTrueAsync(() => progress.Reports[^1] is not RunFinished), "An event came after the last.");
    }

    /// <summary>Takes the first line of output as process ids.</summary>
    private sealed class IdWatcher(TaskCompletionSource<int[]> ids) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value)
        {
            if (value is JobLogged { Line: { Source: LogSource.Output } line })
            {
                ids.TrySetResult([.. line.Text.Split(' ').Select(int.Parse)]);
            }
        }
    }
}

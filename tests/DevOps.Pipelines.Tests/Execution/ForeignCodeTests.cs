using System.Collections.Immutable;
using System.Diagnostics;
using DevOps.Testing;
using DevOps.Testing.Time;
using Microsoft.Extensions.Logging;

namespace DevOps.Pipelines.Tests;

/// <summary>Code of users that throws, or that blocks its thread, where a run calls it.</summary>
public sealed class ForeignCodeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(10);

    private readonly string _name = $"foreign {Guid.NewGuid():N}";
    private readonly PipelineBuilder _builder;
    private readonly VirtualTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordingProgress<PipelineEvent> _progress = new();

    public ForeignCodeTests() => _builder = new(_name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cancellation", Outcome.Cancelled, Outcome.Cancelled)]
    [InlineData("timeout of the run", Outcome.TimedOut, Outcome.Cancelled)]
    [InlineData("timeout of the job", Outcome.TimedOut, Outcome.TimedOut)]
    [InlineData("stop after a failure", Outcome.Failure, Outcome.Cancelled)]
    [InlineData("fail fast", Outcome.Failure, Outcome.Cancelled)]
    public async Task Stop_CallbackOfTheTokenThrows_IsToldAndEndsTheRun(string stop, Outcome run, Outcome job)
    {
        WaitingLogger logger = new("Run run: code that a job registered for its cancellation failed: the process has exited");
        TaskCompletionSource never = new();
        List<Job> set = [];
        Job waits = _builder.AddJob("waits", async context =>
        {
            _ = context.Cancellation.Register(() => throw new InvalidOperationException("the process has exited"));
            _started.SetResult();
            await never.Task.WaitAsync(context.Cancellation);
        });
        set.Add(waits);
        TaskCompletionSource mayFail = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (stop == "timeout of the job")
        {
            waits.WithTimeout(TimeSpan.FromHours(1));
        }
        else
        {
            set.Add(_builder.AddJob("backs off", _ => throw new IOException("broken")).WithRetry(new RetryOptions { Delay = Long }));
        }

        if (run == Outcome.Failure)
        {
            set.Add(_builder.AddJob("fails", async _ =>
            {
                await mayFail.Task.WaitAsync(Cancellation);
                throw new InvalidOperationException("plain failure");
            }));
        }

        if (stop == "fail fast")
        {
            set.ToImmutableArray().FailFast();
        }

        PipelineRun under = await _builder.Build().StartAsync(
            new()
            {
                RunId = "run",
                TimeProvider = _clock,
                Logger = logger,
                Timeout = stop == "timeout of the run" ? TimeSpan.FromHours(1) : null,
                AfterFailure = stop == "stop after a failure" ? AfterFailure.Stop : AfterFailure.Continue,
            },
            Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        await _clock.WaitForTimerAsync(length => length == (stop == "timeout of the job" ? TimeSpan.FromHours(1) : Long), Cancellation);
        switch (stop)
        {
            case "cancellation":
                under.Cancel();
                break;
            case "timeout of the run" or "timeout of the job":
                _clock.Advance(TimeSpan.FromHours(1));
                break;
            default:
                mayFail.SetResult();
                break;
        }

        PipelineResult result = await EndAsync(under);
        Assert.Equal((run, job), (result.Outcome, result.Jobs[0].Outcome));

        // The callbacks of all come first, and with them may come the end of the run.
        await logger.Told.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_CodeBlocksItsThread_IsGivenUpAndItsReturnChangesNothing(bool hasTimeout)
    {
        using ManualResetEventSlim release = new();
        MemoryRunStore store = new();
        TaskCompletionSource returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Job<int> blocks = _builder.AddJob("blocks", _ =>
        {
            _started.SetResult();
            release.Wait(CancellationToken.None);
            returned.SetResult();
            return Task.FromResult(1);
        });
        if (hasTimeout)
        {
            blocks.WithTimeout(TimeSpan.FromHours(1));
        }

        bool ran = false;
        _builder.AddJob("behind", _ =>
        {
            ran = true;
            return Task.CompletedTask;
        }).Needs(blocks);
        TimeSpan patience = TimeSpan.FromMinutes(3);
        PipelineRun run = await _builder.Build().StartAsync(new() { Store = store, RunId = "run", TimeProvider = _clock, StopTimeout = patience, Progress = _progress }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        if (hasTimeout)
        {
            _clock.Advance(TimeSpan.FromHours(1));
        }
        else
        {
            run.Cancel();
        }

        await _clock.WaitForTimerAsync(length => length == patience, Cancellation);
        _clock.Advance(patience);
        PipelineResult result = await EndAsync(run);
        int records = await store.ReadAsync("run", Cancellation).CountAsync(Cancellation);
        release.Set();
        await returned.Task.WaitAsync(Cancellation);

        Assert.Equal(hasTimeout ? [Outcome.TimedOut, Outcome.Skipped] : [Outcome.Cancelled, Outcome.Cancelled], result.Jobs.Select(job => job.Outcome));
        Assert.EndsWith(" and did not stop within 00:03:00; its code may still be running", result.Jobs[0].Reason, StringComparison.Ordinal);
        Assert.False(ran);
        Assert.Single(_progress.Reports.OfType<JobFinished>(), finished => finished.Job == "blocks");
        Assert.IsType<RunFinished>(_progress.Reports[^1]);
        Assert.Equal(records, await store.ReadAsync("run", Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Stop_CodeBlocksTheThreadThatCancels_OthersAreTold()
    {
        using ManualResetEventSlim release = new();
        TaskCompletionSource never = new();
        _builder.AddJob("blocks", async job =>
        {
            try
            {
                _started.SetResult();
                await never.Task.WaitAsync(job.Cancellation);
            }
            catch (OperationCanceledException)
            {
                release.Wait(CancellationToken.None);
            }
        });
        _builder.AddJob("waits", job => never.Task.WaitAsync(job.Cancellation));
        TimeSpan patience = TimeSpan.FromMinutes(3);
        PipelineRun run = await _builder.Build().StartAsync(new() { TimeProvider = _clock, StopTimeout = patience }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        Task cancelling = Task.Run(() => run.Cancel(), Cancellation);
        await _clock.WaitForTimerAsync(length => length == patience, Cancellation);
        _clock.Advance(patience);
        PipelineResult result = await EndAsync(run);
        release.Set();
        await cancelling;
        Assert.Equal([Outcome.Cancelled, Outcome.Cancelled], result.Jobs.Select(job => job.Outcome));
    }

    [Fact]
    public async Task Attempt_StillRunning_IsNotTriedAgain()
    {
        TaskCompletionSource goesOn = new();
        int inside = 0;
        _builder.AddJob("deploy", async _ =>
        {
            inside++;
            _started.TrySetResult();
            await goesOn.Task;
        }).WithLock("prod").WithTimeout(TimeSpan.FromHours(1)).WithRetry(3);
        PipelineRun run = await _builder.Build().StartAsync(new() { TimeProvider = _clock }, Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        _clock.Advance(TimeSpan.FromHours(1));
        await _clock.WaitForTimerAsync(length => length == RunOptions.Default.StopTimeout, Cancellation);
        _clock.Advance(RunOptions.Default.StopTimeout);
        PipelineResult result = await EndAsync(run);
        goesOn.SetResult();
        Assert.Equal((Outcome.TimedOut, 1), (result.Jobs[0].Outcome, inside));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logger_Throws_ChangesNothingButTellsInTheResult(bool isCancelled)
    {
        TaskCompletionSource never = new();
        _builder.AddJob("good", _ => Task.CompletedTask);
        _builder.AddJob("flaky", job => job.Attempt == 1 ? throw new IOException("gone") : Task.CompletedTask).WithRetry(1);
        if (isCancelled)
        {
            _builder.AddJob("backs off", _ => throw new IOException("gone")).WithRetry(new RetryOptions { Delay = Long });
            _builder.AddJob("waits", job => never.Task.WaitAsync(job.Cancellation));
        }

        PipelineRun run = await _builder.Build().StartAsync(new() { Logger = new FullDiskLogger(), TimeProvider = _clock }, Cancellation);
        if (isCancelled)
        {
            await _clock.WaitForTimerAsync(length => length == Long, Cancellation);
            run.Cancel();
        }

        PipelineResult result = await EndAsync(run);
        Assert.Equal(isCancelled ? Outcome.Cancelled : Outcome.Success, result.Outcome);
        Assert.Equal(FullDiskLogger.Message, Assert.IsType<IOException>(result.ProgressError).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ActivityListener_Throws_ChangesNothingButTellsInTheResult(bool atStart)
    {
        void Throw(Activity activity, bool isStart)
        {
            if (isStart == atStart && activity.OperationName.Contains(_name, StringComparison.Ordinal))
            {
                throw new NotSupportedException("no spans today");
            }
        }

        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == PipelineDiagnostics.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => Throw(activity, true),
            ActivityStopped = activity => Throw(activity, false),
        };
        ActivitySource.AddActivityListener(listener);
        _builder.AddJob($"{_name} job", _ => Task.CompletedTask);
        PipelineResult result = await EndAsync(await _builder.Build().StartAsync(new(), Cancellation));
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.IsType<NotSupportedException>(result.ProgressError);
    }

    [Fact]
    public async Task RetryWhen_Throws_IsTheEndOfTheJobAlone()
    {
        _builder.AddJob("fails", _ => throw new IOException("gone")).WithRetry(new RetryOptions { On = Failure.None, When = _ => throw new FormatException("no such code") });
        _builder.AddJob("other", _ => Task.CompletedTask);
        PipelineResult result = await EndAsync(await _builder.Build().StartAsync(new(), Cancellation));
        Assert.Equal([Outcome.Failure, Outcome.Success], result.Jobs.Select(job => job.Outcome));
        Assert.Equal("gone; and what tells whether to try again failed: no such code", result.Jobs[0].Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Result_ThatCannotBeWritten_IsLostAndMadeAgain(bool isTooBig)
    {
        int made = 0;
        Task<T> Make<T>(T value)
        {
            made++;
            return Task.FromResult(value);
        }

        Job makes = isTooBig ? _builder.AddJob("makes", _ => Make(new byte[13 << 20])) : _builder.AddJob("makes", _ => Make(double.NaN));
        _builder.AddJob("reads", _ => Task.CompletedTask).Needs(makes);
        MemoryRunStore store = new();
        Pipeline pipeline = _builder.Build();
        PipelineResult result = await pipeline.RunAsync(new() { Store = store, RunId = "run" }, Cancellation);
        Assert.Equal((Outcome.Success, 1), (result.Outcome, made));

        await using PipelineRun again = await pipeline.RestartAsync("run", RestartFrom.Job("reads"), new() { Store = store, RunId = "again" }, Cancellation);
        Assert.Equal((Outcome.Success, 2), ((await EndAsync(again)).Outcome, made));
    }

    [Fact]
    public async Task Retry_ThousandsOfTimesWithoutDelay_EndsAndWaitsNever()
    {
        int attempts = 0;
        _builder.AddJob("fails", _ =>
        {
            attempts++;
            throw new IOException("gone");
        }).WithRetry(3000);
        PipelineResult result = await EndAsync(await _builder.Build().StartAsync(new() { TimeProvider = _clock }, Cancellation));
        Assert.Equal((Outcome.Failure, 3001), (result.Outcome, attempts));
    }

    [Theory]
    [InlineData(0, 2000, 0)]
    [InlineData(600, 1, 600)]
    [InlineData(600, 9, 600)]
    [InlineData(60, 2, 120)]
    [InlineData(60, 2000, 300)]
    public void DelayAfter_GrowsToTheLongestAndNeverBelowTheFirst(int seconds, int attempt, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), new RetryOptions { Delay = TimeSpan.FromSeconds(seconds) }.DelayAfter(attempt));

    // A run that hangs is a failure, and not the end of the build.
    private static Task<PipelineResult> EndAsync(PipelineRun run) => run.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

    private sealed class WaitingLogger(string wanted) : ILogger
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Told => _told.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) == wanted)
            {
                _told.TrySetResult();
            }
        }
    }

    private sealed class FullDiskLogger : ILogger
    {
        internal const string Message = "log disk is full";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new IOException(Message);
    }
}

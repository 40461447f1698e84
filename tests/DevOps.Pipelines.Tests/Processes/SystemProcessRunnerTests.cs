using System.Globalization;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class SystemProcessRunnerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Expected: 128 and the signal's number, as shells tell it.
    [InlineData("exit 0", 0, null)]
    [InlineData("exit 7", 7, null)]
    [InlineData("exit 128", 128, null)]
    [InlineData("kill -TERM $$", 143, 15)]
    [InlineData("kill -KILL $$", 137, 9)]
    public async Task RunAsync_Ends_TellsTheCodeAndTheSignal(string script, int code, int? signal)
    {
        ProcessExit exit = await RunAsync(script, new RecordingSink(), TimeProvider.System);
        Assert.Equal((code, signal, false), (exit.ExitCode, exit.Signal, exit.TimedOut));
    }

    [Fact]
    public async Task RunAsync_Duration_IsOfTheClock()
    {
        ProcessExit exit = await RunAsync("read none", new RecordingSink(), new VirtualTimeProvider(Start));
        Assert.Equal(TimeSpan.Zero, exit.Duration);
    }

    [Fact]
    public async Task RunAsync_TimeIsOver_TerminatesFirst()
    {
        VirtualTimeProvider clock = new(Start);
        RecordingSink sink = new("begun");
        Task<ProcessExit> run = RunAsync(
            "trap 'echo cleaning; sleep 0; exit 9' TERM; echo begun; while :; do sleep 0.01; done", sink, clock, timeout: TimeSpan.FromMinutes(3));
        await sink.WantedCame.WaitAsync(Cancellation);
        await clock.WaitForTimerAsync(length => length == TimeSpan.FromMinutes(3), Cancellation);
        clock.Advance(TimeSpan.FromMinutes(3));

        // The grace period is of the same clock, which stands still: the process ended by itself.
        ProcessExit exit = await run;
        Assert.Equal((true, 9), (exit.TimedOut, exit.ExitCode));
        Assert.EndsWith("cleaning\n", sink.Text, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(3), exit.Duration);
    }

    [Fact]
    public async Task RunAsync_IgnoresTermination_IsKilledAfterTheGracePeriod()
    {
        VirtualTimeProvider clock = new(Start);
        RecordingSink sink = new("begun");
        Task<ProcessExit> run = RunAsync("trap '' TERM; echo begun; while :; do sleep 0.01; done", sink, clock, timeout: TimeSpan.FromMinutes(3));
        await sink.WantedCame.WaitAsync(Cancellation);
        await clock.WaitForTimerAsync(length => length == TimeSpan.FromMinutes(3), Cancellation);
        clock.Advance(TimeSpan.FromMinutes(3));
        await clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(5), Cancellation);
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));

        ProcessExit exit = await run;
        Assert.Equal((true, 9), (exit.TimedOut, exit.Signal));
    }

    [Fact]
    public async Task RunAsync_NoGracePeriod_IsKilledAtOnce()
    {
        VirtualTimeProvider clock = new(Start);
        RecordingSink sink = new("begun");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<ProcessExit> run = RunAsync("trap 'echo cleaning' TERM; echo begun; while :; do sleep 0.01; done", sink, clock, grace: TimeSpan.Zero, cancellationToken: stop.Token);
        await sink.WantedCame.WaitAsync(Cancellation);
        await stop.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.Equal("begun\n", sink.Text);
    }

    [Theory] // How a program leaves its parent, its session and its process group.
    [InlineData("setsid sh -c 'sleep 600 & echo $!; wait' & wait")]
    [InlineData("setsid -f sh -c '(sleep 600 & echo $!)'; sleep 600")]
    [InlineData("(setsid sh -c 'trap \"\" TERM HUP INT; sleep 600 & echo $!; wait; sleep 600' &) ; sleep 600")]
    [InlineData("(env -i /bin/sh -c 'trap \"\" TERM; sleep 600 & echo $!; wait; sleep 600'); sleep 600")] // Without the cookie, but with a parent.
    public async Task RunAsync_Cancelled_EndsWhatDetached(string script)
    {
        RecordingSink sink = new("\n");
        VirtualTimeProvider clock = new(Start);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<ProcessExit> run = RunAsync(script, sink, clock, cancellationToken: stop.Token);
        await sink.WantedCame.WaitAsync(Cancellation);
        int id = int.Parse(sink.Text, CultureInfo.InvariantCulture);
        Assert.False(Shell.IsGone(id));

        await stop.CancelAsync();
        await Task.WhenAny(run, clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(5), Cancellation));
        clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(Shell.IsGone(id), $"Process {id} is still there.");
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesOtherRunsAlone()
    {
        RecordingSink first = new("begun");
        RecordingSink second = new("begun");
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using CancellationTokenSource stopSecond = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<ProcessExit> run = RunAsync("echo begun; sleep 600", first, TimeProvider.System, cancellationToken: stop.Token);
        Task<ProcessExit> other = RunAsync("echo begun; while [ -d /proc/$PPID ]; do sleep 0.01; done", second, TimeProvider.System, cancellationToken: stopSecond.Token);
        await Task.WhenAll(first.WantedCame, second.WantedCame).WaitAsync(Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(other.IsCompleted);
        await stopSecond.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
    }

    [Fact]
    public async Task RunAsync_SinkFails_EndsTheProcessAndThrowsOn()
    {
        FailingSink sink = new();
        FormatException error = await Assert.ThrowsAsync<FormatException>(() => RunAsync("echo one; sleep 600", sink, TimeProvider.System));
        Assert.Equal("no", error.Message);
        Assert.Equal(1, sink.Calls);
    }

    [Fact]
    public async Task RunAsync_Input_IsReadToItsEnd()
    {
        RecordingSink sink = new();
        string input = string.Concat(Enumerable.Repeat("0123456789abcde\n", 20_000));
        await RunAsync("cat", sink, TimeProvider.System, input: input);
        Assert.Equal(input, sink.Text);
    }

    [Fact]
    public async Task RunAsync_InputThatIsNotRead_IsNoError()
    {
        ProcessExit exit = await RunAsync("exit 3", new RecordingSink(), TimeProvider.System, input: new string('x', 1 << 20));
        Assert.Equal(3, exit.ExitCode);
    }

    [Fact]
    public async Task RunAsync_Environment_IsWhatIsAllowedAndGiven()
    {
        RecordingSink sink = new();
        await new SystemProcessRunner(TimeProvider.System).RunAsync(
            new()
            {
                FileName = "/usr/bin/env",
                InheritedEnvironment = ProcessEnvironment.Only("PATH"),
                Environment = System.Collections.Immutable.ImmutableDictionary<string, string?>.Empty.Add("ADDED", "1"),
            },
            sink,
            Cancellation);
        Assert.Equal(["ADDED", "DEVOPS_PROCESS_COOKIE", "PATH"], sink.Text.TrimEnd('\n').Split('\n').Select(line => line.Split('=')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_HelperGoesOnWritingUntilTheTimeIsOver_TheProgramEndedInTime()
    {
        ProcessExit exit = await RunAsync("while echo x; do sleep 0.02; done & echo done; exit 7", new RecordingSink(), TimeProvider.System, timeout: TimeSpan.FromSeconds(4));
        Assert.Equal((7, false), (exit.ExitCode, exit.TimedOut));
    }

    [Fact]
    public async Task RunAsync_HelperGoesOnWriting_CanBeCancelled()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        RecordingSink sink = new("done\nx\nx\nx");
        Task<ProcessExit> run = RunAsync("(sleep 0.02; while echo x; do sleep 0.02; done) & echo done", sink, TimeProvider.System, cancellationToken: stop.Token);
        await sink.WantedCame.WaitAsync(Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }


    private static Task<ProcessExit> RunAsync(
        string script, IProcessSink sink, TimeProvider clock, string input = "", TimeSpan? timeout = null, TimeSpan? grace = null, CancellationToken? cancellationToken = null)
    {
        Shell.Require();
        ProcessRequest request = new()
        {
            FileName = "/bin/sh",
            Arguments = ["-c", script],
            StandardInput = System.Text.Encoding.UTF8.GetBytes(input),
            Timeout = timeout,
            GracePeriod = grace ?? TimeSpan.FromSeconds(5),
        };
        return new SystemProcessRunner(clock).RunAsync(request, sink, cancellationToken ?? Cancellation);
    }

    private sealed class FailingSink : IProcessSink
    {
        internal int Calls { get; private set; }

        public void Write(LogSource source, ReadOnlySpan<byte> bytes)
        {
            Calls++;
            throw new FormatException("no");
        }
    }
}

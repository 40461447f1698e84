using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace DevOps.Pipelines.Tests;

/// <summary>Secrets in commands, output and errors: NUKE's issues 1169, 1179 and 1504 show them.</summary>
public sealed class ProcessFilterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task RunAsync_SecretInBothOutputsAndTheCommand_IsShownNowhere(int pieceBytes)
    {
        List<LogLine> log = [];
        ProcessOptions options = new() { SecretArguments = ["s3cret"] };
        ProcessScope scope = new(new PieceRunner("key is s3cret.\ns3c", "401: s3cret is wrong\ns3cre", pieceBytes, 1), TimeProvider.System, log.Add) { CreateFilter = secrets => new HidingFilter(secrets) };
        ProcessFailedException error = await Assert.ThrowsAsync<ProcessFailedException>(() => ProcessExecution.RunAsync("push", ["--key", "s3cret"], options, scope, Cancellation));

        Assert.Equal("push --key ***", error.Command);
        Assert.Equal(["key is ***.", "401: *** is wrong", "s3c", "s3cre"], log.Select(line => line.Text));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.LastLines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Filtered_TheResultIsAsWritten()
    {
        ProcessScope scope = new(new PieceRunner("é s3cret\r\nend", "", 1, 0), TimeProvider.System, _ => { }) { CreateFilter = _ => new HidingFilter(["s3cret"]) };
        ProcessResult result = await ProcessExecution.RunAsync("read", [], ProcessOptions.Default, scope, Cancellation);
        Assert.Equal("é s3cret\nend\n", result.Output);
    }

    [Fact]
    public async Task RunAsync_TimedOut_HidesTheSecret()
    {
        ProcessScope scope = new(new PieceRunner("s3cret", "", 3, 0, TimedOut: true), TimeProvider.System, _ => { }) { CreateFilter = secrets => new HidingFilter(secrets) };
        ProcessTimeoutException error = await Assert.ThrowsAsync<ProcessTimeoutException>(
            () => ProcessExecution.RunAsync("push", ["s3cret"], new() { SecretArguments = ["s3cret"], Timeout = TimeSpan.FromSeconds(1) }, scope, Cancellation));
        Assert.Equal(("push ***", "***"), (error.Command, error.LastLines));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_JobWithSecretArgument_LogsNoSecret()
    {
        JobResult result = await Shell.RunJobAsync(job => job.RunAsync("false", ["--key=s3cret"], new() { SecretArguments = ["s3cret"] }), cancellationToken: Cancellation);
        Assert.Equal("> false --key=***", result.Log[0].Text);
        Assert.All(result.Log, line => Assert.DoesNotContain("s3cret", line.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Error!.ToString(), StringComparison.Ordinal);
    }

    [Fact] // A NUKE program ends its host; a library leaves that to its host.
    public async Task RunAsync_ProgramCannotStart_DoesNotShowTheArguments()
    {
        ProcessStartException error = await Assert.ThrowsAsync<ProcessStartException>(() => Shell.RunAsync("devops-no-such-program", ["s3cret"], new() { SecretArguments = ["s3cret"] }));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact] // Cake's issue 156: lines of parallel work cut each other.
    public async Task RunAsync_ManyAtOnce_KeepLinesWholeAndApart()
    {
        List<string>[] logs = [.. Enumerable.Range(0, 8).Select(_ => new List<string>())];
        await Task.WhenAll(logs.Select((log, index) => ProcessExecution.RunAsync(
            "sh",
            ["-c", $"i=0; while [ $i -lt 200 ]; do printf '{index} out'; printf ' %s\\n' $i; printf '{index} err' >&2; printf ' %s\\n' $i >&2; i=$((i+1)); done"],
            ProcessOptions.Default,
            Shell.Scope(line => log.Add($"{line.Source} {line.Text}")),
            Cancellation)));
        foreach ((int index, List<string> log) in logs.Index())
        {
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"Output {index} out {i}"), log.Where(line => line.StartsWith("Output", StringComparison.Ordinal)));
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"Error {index} err {i}"), log.Where(line => line.StartsWith("Error", StringComparison.Ordinal)));
            Assert.Equal(400, log.Count);
        }
    }

    /// <summary>Writes pieces of two texts by turns.</summary>
    private sealed record PieceRunner(string Output, string Error, int PieceBytes, int ExitCode, bool TimedOut = false) : IProcessRunner
    {
        public Task<ProcessExit> RunAsync(ProcessRequest request, IProcessSink sink, CancellationToken cancellationToken = default)
        {
            byte[] output = Encoding.UTF8.GetBytes(Output);
            byte[] error = Encoding.UTF8.GetBytes(Error);
            for (int at = 0; at < Math.Max(output.Length, error.Length); at += PieceBytes)
            {
                sink.Write(LogSource.Output, output.AsSpan(Math.Min(at, output.Length), Math.Clamp(output.Length - at, 0, PieceBytes)));
                sink.Write(LogSource.Error, error.AsSpan(Math.Min(at, error.Length), Math.Clamp(error.Length - at, 0, PieceBytes)));
            }

            return Task.FromResult(new ProcessExit(ExitCode, TimeSpan.Zero) { TimedOut = TimedOut });
        }
    }

    /// <summary>Holds everything back until its end: the worst a filter may do.</summary>
    private sealed class HidingFilter(ImmutableArray<string> secrets) : IByteFilter
    {
        private readonly List<byte> _held = [];

        public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
        {
            _held.AddRange(input);
            int end = _held.LastIndexOf((byte)'\n') + 1;
            Pass(end, output);
        }

        public void Complete(IBufferWriter<byte> output) => Pass(_held.Count, output);

        private void Pass(int count, IBufferWriter<byte> output)
        {
            string text = Encoding.UTF8.GetString([.. _held[..count]]);
            _held.RemoveRange(0, count);
            output.Write(Encoding.UTF8.GetBytes(secrets.Aggregate(text, (hidden, secret) => hidden.Replace(secret, "***", StringComparison.Ordinal))));
        }
    }
}

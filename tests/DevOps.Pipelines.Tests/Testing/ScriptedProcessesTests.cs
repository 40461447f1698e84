using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Testing;

public sealed class ScriptedProcessesTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly PipelineTester _tester = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Answer_IsWhatTheJobSees()
    {
        ProcessResult? seen = null;
        _builder.AddJob("build", async job => seen = await job.RunAsync("dotnet", ["build", "-c", "Release"]));
        _tester.Processes.On("dotnet", ["build"], new ProcessAnswer { Output = ["one", "two"], ErrorOutput = ["hm"], Duration = TimeSpan.FromMinutes(3) });

        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal(("one\ntwo\n", 0, TimeSpan.FromMinutes(3)), (seen!.Output, seen.ExitCode, seen.Duration));
        Assert.Equal(["> dotnet build -c Release", "one", "two", "hm"], result.Jobs[0].Log.Select(line => line.Text));
        Assert.Equal(TimeSpan.FromMinutes(3), result.Duration);
        ProcessInvocation invocation = Assert.Single(_tester.Processes.Invocations);
        Assert.Equal(("build", "dotnet build -c Release"), (invocation.Job, invocation.Command));
    }

    [Fact]
    public async Task RunAsync_Answers_FollowEachOtherAndTheLastOneStays()
    {
        _builder.AddJob("push", job => job.RunAsync("push", [])).WithRetry(5, Failure.ExitCode);
        _tester.Processes.On("push", [], new ProcessAnswer { ExitCode = 7 }, new ProcessAnswer { ExitCode = 8 }, ProcessAnswer.Ok);

        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal([7, 8, null], result.Jobs[0].Attempts.Select(attempt => attempt.Error?.ExitCode));
    }

    [Fact]
    public async Task RunAsync_RuleSaidLast_CountsFirst()
    {
        _builder.AddJob("a", job => job.RunAsync("git", ["fetch", "origin"]));
        _builder.AddJob("b", job => job.RunAsync("git", ["push", "origin"]));
        _tester.Processes.On("*", []).On("git", ["pu*"], new ProcessAnswer { ExitCode = 1 });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal([Outcome.Success, Outcome.Failure], result.Jobs.Select(job => job.Outcome));
    }

    [Fact]
    public async Task RunAsync_UnexpectedProcess_FailsTheTestEvenIfTheJobHidesIt()
    {
        _builder.AddJob("hides", async job =>
        {
            try
            {
                await job.RunAsync("rm", ["-rf", "/tmp/x y"]);
            }
            catch (DevOpsException)
            {
            }
        });
        _tester.Processes.On("dotnet", ["build"]);

        PipelineTestException error = await Assert.ThrowsAsync<PipelineTestException>(() => _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation));

        Assert.Equal(["'hides' ran 'rm -rf '/tmp/x y'', and no answer was given for it"], error.Problems);
    }

    [Fact]
    public async Task RunAsync_CannotStart_IsAFailureOfTheSystem()
    {
        _builder.AddJob("a", job => job.RunAsync("helm", ["version"]));
        _tester.Processes.On("helm", [], new ProcessAnswer { StartError = "no such file" });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((typeof(ProcessStartException).FullName, Failure.System), (result.Jobs[0].Error!.Type, result.Jobs[0].Error!.Kind));
    }

    [Fact]
    public async Task RunAsync_LongerThanItsTime_TimesOut()
    {
        _builder.AddJob("a", job => job.RunAsync("test", [], new() { Timeout = TimeSpan.FromMinutes(5) }));
        _tester.Processes.On("test", [], new ProcessAnswer { Duration = TimeSpan.FromHours(1) });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((typeof(ProcessTimeoutException).FullName, TimeSpan.FromMinutes(5)), (result.Jobs[0].Error!.Type, result.Duration));
    }

    [Fact]
    public async Task RunAsync_JobThatTimesOut_EndsItsProcess()
    {
        _builder.AddJob("a", job => job.RunAsync("test", [])).WithTimeout(TimeSpan.FromMinutes(5));
        _tester.Processes.On("test", [], new ProcessAnswer { Duration = TimeSpan.FromHours(1) });
        PipelineResult result = await _tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((Outcome.TimedOut, TimeSpan.FromMinutes(5)), (result.Outcome, result.Duration));
    }
}

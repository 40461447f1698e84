using System.Text.Json;

namespace DevOps.Pipelines.Tests;

/// <summary>Decisions from the command line, and what is told of them afterwards.</summary>
public sealed class ProgramDecisionTests
{
    private readonly ProgramWorld _world = new();

    [Fact]
    public async Task Approve_Twice_IsRefusedWithWhoDecidedWhen()
    {
        Pipeline pipeline = await LeftAsync(new());
        Assert.Equal(0, await DecideAsync(pipeline, "approve", "--by", "mira"));
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await DecideAsync(pipeline, "approve", "--by", "mira"));
        Assert.Equal("error: 'gate' is decided already: approved by 'mira' at 2026-11-23 09:00:00 UTC (posted, not yet taken by the run). A decision cannot be changed.\n", _world.Error);
        Assert.Equal(1, await DecideAsync(pipeline, "reject", "--by", "noor"));
        Assert.Contains("is decided already: approved by 'mira'", _world.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _world.RunAsync(pipeline, "--resume"));
    }

    [Fact]
    public async Task Approve_WithAQuorum_TakesDifferentPersons()
    {
        Pipeline pipeline = await LeftAsync(new() { Quorum = 2 });
        Assert.Equal(0, await DecideAsync(pipeline, "approve", "--by", "mira"));
        Assert.Equal(1, await DecideAsync(pipeline, "approve", "--by", "MIRA"));
        Assert.Contains("'gate' was decided by 'MIRA' already: approved by 'mira' at 2026-11-23 09:00:00 UTC (posted, not yet taken by the run). 2 different persons must approve.", _world.Error, StringComparison.Ordinal);
        Assert.Equal(0, await DecideAsync(pipeline, "approve", "--by", "noor"));
        Assert.Equal(1, await DecideAsync(pipeline, "reject", "--by", "ole"));
        Assert.Equal(0, await _world.RunAsync(pipeline, "--resume"));
    }

    [Fact]
    public async Task Approve_TakenByTheRun_IsToldByShowAndExplain()
    {
        Pipeline pipeline = await LeftAsync(new());
        _world.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(0, await DecideAsync(pipeline, "approve", "--by", "mira", "--comment", "fine"));
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last"));
        Assert.Contains("approved by 'mira' at 2026-11-23 10:30:00 UTC: fine (posted, not yet taken by the run)\n", _world.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("approve with", _world.Output, StringComparison.Ordinal);
        Assert.Equal(0, await _world.RunAsync(pipeline, "--resume"));
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last"));
        Assert.Contains("approved by 'mira' at 2026-11-23 10:30:00 UTC: fine\n", _world.Output, StringComparison.Ordinal);
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "explain", "last", "gate"));
        Assert.EndsWith("  people were asked at 2026-11-23 09:00:00 UTC\n  approved by 'mira' at 2026-11-23 10:30:00 UTC: fine, 1 h 30 min after people were asked\n", _world.Output, StringComparison.Ordinal);
        Assert.Equal(1, await DecideAsync(pipeline, "reject", "--by", "noor"));
        Assert.Equal("error: 'gate' in run 'run-1' was decided: approved by 'mira' at 2026-11-23 10:30:00 UTC: fine. And the run has ended and succeeded.\n", _world.Error);
    }

    [Fact]
    public async Task Approve_Late_IsRefused()
    {
        Pipeline pipeline = await LeftAsync(new() { Within = TimeSpan.FromHours(8) });
        _world.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(1, await DecideAsync(pipeline, "approve", "--by", "mira"));
        Assert.Equal("error: 'gate' could be decided until 2026-11-23 17:00:00 UTC, and that is over: the run counts it as timed out when it goes on.\n", _world.Error);
    }

    [Fact]
    public async Task Approve_ByAGroup_NeedsItsName()
    {
        Pipeline pipeline = await LeftAsync(new() { From = ["ops"] });
        Assert.Equal(1, await DecideAsync(pipeline, "approve", "--by", "mira"));
        Assert.Equal("error: 'mira' may not decide 'gate': that is for ops. Say who decides with '--by NAME', and a group that the person is in with '--group NAME'.\n", _world.Error);
        Assert.Equal(1, await DecideAsync(pipeline, "approve", "--by", "mira", "--group", "devs"));
        Assert.Equal(0, await DecideAsync(pipeline, "approve", "--by", "mira", "--group", "devs", "--group", "OPS"));
        Assert.Equal(0, await _world.RunAsync(pipeline, "--resume"));
    }

    [Fact]
    public async Task Approve_OfWhatIsNoApproval_SaysSo()
    {
        Pipeline pipeline = await LeftAsync(new());
        Assert.Equal(1, await _world.RunAsync(pipeline, "approve", "run-1", "build", "--by", "mira"));
        Assert.Equal("error: 'build' is a job that nobody is asked about and no approval; in run 'run-1' this waits for a decision: 'gate'.\n", _world.Error);
        _world.Clear();
        Assert.Equal(2, await _world.RunAsync(pipeline, "approve", "run-1"));
        Assert.StartsWith("error: The command is 'approve RUN JOB', and the job is missing; in run 'run-1' this waits for a decision: 'gate'.\n", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_WithWrongInputs_SpeaksOfInputs()
    {
        Pipeline pipeline = await LeftAsync(new() { Inputs = [new PipelineBuilder("inputs").AddParameter("size", 1, "how many")] });
        Assert.Equal(2, await DecideAsync(pipeline, "approve", "--by", "mira", "--input", "sise=2"));
        Assert.StartsWith("error: 'gate' cannot be approved with these inputs: it has no input 'sise' (did you mean 'size'?). Fill in what the approval asks for with '--input NAME=VALUE'.\n", _world.Error, StringComparison.Ordinal);
        Assert.Equal(2, await DecideAsync(pipeline, "approve", "--by", "mira", "--input", "size=big"));
        Assert.Equal(0, await DecideAsync(pipeline, "approve", "--by", "mira", "--input", "size=2"));
    }

    [Fact]
    public async Task Prompt_ForAPersonWhoseAccountMayNotDecide_AsksForNameAndGroups()
    {
        _world.SetVariables(("USER", "root"), ("TERM", "dumb"));
        using StringReader input = new("a\nmira\ndevs, ops\nfine\n");
        _world.Terminal = _world.Terminal with { IsInteractive = true, Input = input };
        Pipeline pipeline = Build("ship", new() { From = ["ops"] });
        Assert.Equal(0, await _world.RunAsync(pipeline));
        Assert.Contains("your name [root]: your groups, with commas (it is for ops): comment (may be empty): ", _world.Output, StringComparison.Ordinal);
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last"));
        Assert.Contains("approved by 'mira' of devs, ops at 2026-11-23 09:00:00 UTC: fine\n", _world.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", "run-1", "gate", "--by", "mira")]
    [InlineData("show", "run-1")]
    [InlineData("explain", "run-1", "gate")]
    public async Task Command_AboutARunOfAnotherPipeline_IsRefused(params string[] args)
    {
        await LeftAsync(new());
        _world.Clear();
        Assert.Equal(2, await _world.RunAsync(Build("other", new()), args));
        Assert.StartsWith("error: The run 'run-1' is one of the pipeline 'ship', and this is the program of 'other': use the other one.\n", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AsJson_HasAllJobsAndAllDecisions()
    {
        Pipeline pipeline = await LeftAsync(new());
        Assert.Equal(0, await DecideAsync(pipeline, "reject", "--by", "mira", "--group", "ops"));
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last", "--json"));
        using (JsonDocument open = JsonDocument.Parse(_world.Output))
        {
            Assert.Equal(["build=success", "gate=waiting", "deploy=notReached"], open.RootElement.GetProperty("jobs").EnumerateArray().Select(Told));
            JsonElement posted = open.RootElement.GetProperty("approvals")[0].GetProperty("posted")[0];
            Assert.Equal(("mira", "reject", "ops"), (posted.GetProperty("by").GetString(), posted.GetProperty("verdict").GetString(), posted.GetProperty("groups")[0].GetString()));
        }

        Assert.Equal(1, await _world.RunAsync(pipeline, "--resume"));
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last", "--json"));
        using JsonDocument ended = JsonDocument.Parse(_world.Output);
        Assert.Equal(["build=success", "gate=failure", "deploy=skipped"], ended.RootElement.GetProperty("jobs").EnumerateArray().Select(Told));
        Assert.Empty(ended.RootElement.GetProperty("approvals")[0].GetProperty("posted").EnumerateArray());
        Assert.Equal("mira", ended.RootElement.GetProperty("approvals")[0].GetProperty("decisions")[0].GetProperty("by").GetString());
    }

    [Fact]
    public async Task Show_OfARunThatFailed_TellsWhyJobsDidNotStart()
    {
        PipelineBuilder builder = new("ship");
        Stage check = builder.AddStage("check");
        Stage publish = builder.AddStage("publish");
        Job build = builder.AddJob("build", job => throw new InvalidOperationException("broken")).InStage(check);
        builder.AddJob("test", job => Task.CompletedTask).InStage(check).Needs(build);
        builder.AddJob("push", job => Task.CompletedTask).InStage(publish);
        builder.AddJob("sweep", job => Task.CompletedTask).InStage(check).OnlyIf(job => job.Attempt < 0);
        Pipeline pipeline = builder.Build();
        Assert.Equal(1, await _world.RunAsync(pipeline));
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", "last"));
        Assert.Contains("\n  test   skipped: needs 'build', which failed\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("\n  push   skipped: needs stage 'check', which failed\n", _world.Output, StringComparison.Ordinal);
        Assert.Contains("\n  sweep  skipped: its condition is not met: job.Attempt < 0\n", _world.Output, StringComparison.Ordinal);
        _world.Clear();
        Assert.Equal(0, await _world.RunAsync(pipeline, "explain", "last", "push"));
        Assert.Equal("push was skipped: needs stage 'check', which failed\n  build failed: broken\n  so it all began with 'build'\n", _world.Output);
    }

    [Fact]
    public async Task Approval_WhereNobodyCanBeAsked_TellsOfLeaving()
    {
        Pipeline pipeline = Build("ship", new() { Within = TimeSpan.FromTicks(1) });
        _world.Options = _world.Options with { Run = _world.Options.Run with { TimeProvider = TimeProvider.System } };
        Assert.Equal(1, await _world.RunAsync(pipeline));
        Assert.Contains("this program waits until then; with '--leave-at-approval' it ends here, and '--resume' goes on", _world.Output, StringComparison.Ordinal);
        Assert.Contains("approve with: ship approve run-1 gate --by NAME\n", _world.Output, StringComparison.Ordinal);
    }

    private static string Told(JsonElement job) => $"{job.GetProperty("name").GetString()}={(job.TryGetProperty("outcome", out JsonElement outcome) ? outcome : job.GetProperty("state")).GetString()}";

    private async Task<Pipeline> LeftAsync(ApprovalOptions options)
    {
        Pipeline pipeline = Build("ship", options);
        Assert.Equal(3, await _world.RunAsync(pipeline, "--leave-at-approval"));
        Assert.DoesNotContain("this program waits", _world.Output, StringComparison.Ordinal);
        return pipeline;
    }

    private Task<int> DecideAsync(Pipeline pipeline, string verb, params string[] args)
    {
        _world.Clear();
        return _world.RunAsync(pipeline, [verb, ProgramWorld.RunId, "gate", .. args]);
    }

    private static Pipeline Build(string name, ApprovalOptions options)
    {
        PipelineBuilder builder = new(name);
        Job build = builder.AddJob("build", job => Task.CompletedTask);
        Job<ApprovalResult> gate = builder.AddApproval("gate", options).Needs(build);
        builder.AddJob("deploy", job => Task.CompletedTask).Needs(gate);
        return builder.Build();
    }
}

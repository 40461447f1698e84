using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>A run that one program leaves at an approval, another decides and a third goes on with, over a folder.</summary>
public sealed class ProgramApprovalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly List<string> _ran = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Approve_ByASecondProgram_LetsAThirdGoOn()
    {
        ProgramWorld first = World();
        Assert.Equal(3, await first.RunAsync(Build(first), "--leave-at-approval"));
        Assert.Contains("gate        waits for approval from mira or noor: Ship it?\n", first.Output, StringComparison.Ordinal);
        Assert.Contains("gate        approve with: ship approve run-1 gate --by NAME\n", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("\ngo on with: ship --resume run-1\n", first.Output, StringComparison.Ordinal);
        Assert.Empty(first.Error);

        ProgramWorld second = World();
        Assert.Equal(0, await second.RunAsync(Build(second), "show", "run-1"));
        Assert.EndsWith("approve with: ship approve run-1 gate --by NAME\nunless a process works on it, go on with: ship --resume run-1\n", second.Output, StringComparison.Ordinal);
        second.Clear();
        Assert.Equal(0, await second.RunAsync(Build(second), "approve", "run-1", "GATE", "--by", "mira", "--comment", "fine", "--input", "note=hi"));
        Assert.Equal("approved 'gate' of run run-1 as mira\nA process that works on the run takes it up by itself; else go on with: ship --resume run-1\n", second.All);
        Assert.Equal(["build"], _ran);

        ProgramWorld third = World();
        Assert.Equal(0, await third.RunAsync(Build(third), "--resume"));
        Assert.Contains("gate        approved by mira: fine\n", third.Output, StringComparison.Ordinal);
        Assert.Contains("build   done       before\n", third.Output, StringComparison.Ordinal);
        Assert.Equal(["build", "deploy by mira, hi"], _ran);

        third.Clear();
        Assert.Equal(1, await third.RunAsync(Build(third), "approve", "run-1", "gate", "--by", "mira"));
        Assert.StartsWith("error: 'gate' in run 'run-1' was decided: approved by", third.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reject_ByASecondProgram_FailsTheRunOfAThird()
    {
        ProgramWorld world = World();
        Assert.Equal(3, await world.RunAsync(Build(world), "--leave-at-approval", "--quiet"));
        world.SetVariables(("USER", "noor"));
        Assert.Equal(0, await world.RunAsync(Build(world), "reject", "run-1", "gate", "--comment", "not today"));
        Assert.Contains("rejected 'gate' of run run-1 as noor\n", world.Output, StringComparison.Ordinal);
        Assert.Equal(1, await world.RunAsync(Build(world), "--resume", "run-1", "--quiet"));
        Assert.Equal("error: gate: 'noor' rejected it: not today\n", world.Error);
        Assert.Equal(["build"], _ran);
    }

    [Theory]
    [InlineData(2, "error: Nobody knows who decides: say it with '--by NAME'.\n", "gate")]
    [InlineData(1, "error: 'eve' may not decide 'gate': that is for mira or noor. Say who decides with '--by NAME', and a group that the person is in with '--group NAME'.\n", "gate", "--by", "eve")]
    [InlineData(1, "error: 'gaet' in run 'run-1' does not wait for a decision; in run 'run-1' this waits for a decision: 'gate' (did you mean 'gate'?).\n", "gaet", "--by", "mira")]
    [InlineData(1, "error: 'build' is a job that nobody is asked about and no approval; in run 'run-1' this waits for a decision: 'gate'.\n", "build", "--by", "mira")]
    [InlineData(2, "error: 'gate' cannot be approved with these inputs: it has no input 'nose'", "gate", "--by", "mira", "--input", "nose=hi")]
    public async Task Approve_ThatCannotBe_IsRefusedAndChangesNothing(int code, string expected, params string[] args)
    {
        ProgramWorld world = World();
        Assert.Equal(3, await world.RunAsync(Build(world), "--leave-at-approval"));
        world.Clear();
        Assert.Equal(code, await world.RunAsync(Build(world), ["approve", "run-1", .. args]));
        Assert.StartsWith(expected, world.Error, StringComparison.Ordinal);
        Assert.Empty(world.Output);
        Assert.Equal(3, await world.RunAsync(Build(world), "--resume", "--leave-at-approval"));
        Assert.Equal(["build"], _ran);
    }

    [Fact]
    public async Task Prompt_AnswersOfAPerson_Approve()
    {
        ProgramWorld world = World();
        world.Terminal = world.Terminal with { IsInteractive = true, SupportsAnsi = false, Input = new StringReader("maybe\na\nmira\nhi\nfine\n") };
        Assert.Equal(0, await world.RunAsync(Build(world)));
        Assert.Contains("gate: approve, reject, or leave it waiting (a/r/l)? gate: approve, reject, or leave it waiting (a/r/l)? your name: ", world.Output, StringComparison.Ordinal);
        Assert.Equal(["build", "deploy by mira, hi"], _ran);
    }

    private ProgramWorld World()
    {
        ProgramWorld world = new();
        world.Options = world.Options with { StateDirectory = _directory.PathOf("runs"), Run = world.Options.Run with { Store = null } };
        return world;
    }

    private Pipeline Build(ProgramWorld world)
    {
        PipelineBuilder builder = new("ship");
        Parameter<string> note = new PipelineBuilder("inputs").AddParameter("note", "none", "what to tell");
        Job build = builder.AddJob("build", world.Takes(1, _ => _ran.Add("build")));
        Job<ApprovalResult> gate = builder.AddApproval("gate", new() { Message = "Ship it?", From = ["mira", "noor"], Inputs = [note] }).Needs(build);
        builder.AddJob("deploy", world.Takes(1, job => _ran.Add($"deploy by {job.Get(gate).Decisions[0].By}, {job.Get(gate).Get(note)}"))).Needs(gate);
        return builder.Build();
    }
}

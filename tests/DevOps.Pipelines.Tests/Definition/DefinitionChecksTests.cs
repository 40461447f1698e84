using System.Collections.Immutable;

namespace DevOps.Pipelines.Tests;

public sealed class DefinitionChecksTests
{
    private readonly PipelineBuilder _builder = new("ship");

    [Fact]
    public void Build_NeedsAJobOfALaterStage_ShowsTheCircleThroughTheStages()
    {
        Stage one = _builder.AddStage("one");
        Stage two = _builder.AddStage("two");
        Job late = _builder.AddJob("late", Nothing).InStage(two);
        _builder.AddJob("early", Nothing).InStage(one).Needs(late);
        Assert.Equal(["jobs wait for each other in a circle: late -> stage 'one' -> early -> late"], Problems());
    }

    [Fact]
    public void Build_WaitsForAFinalJob_IsToldOnceAndByName()
    {
        Job end = _builder.AddFinally("end", Nothing);
        _builder.AddJob("a", Nothing).Needs(end);
        Assert.Equal(["'a' waits for 'end', which runs at the very end; only jobs that run at the end can wait for it"], Problems());
    }

    [Fact]
    public void Build_FinalJobInAStage_IsToldOnce()
    {
        Stage one = _builder.AddStage("one");
        _builder.AddStage("two");
        _builder.AddFinally("end", Nothing).InStage(one);
        _builder.AddJob("a", Nothing).InStage(one);
        Assert.Equal(["'end' runs at the very end and is in the stage 'one'; it can be one of both"], Problems());
    }

    [Fact]
    public void Build_FinalJobWithConditions_IsAllowed()
    {
        Job end = _builder.AddFinally("end", Nothing).OnlyWhen(_ => true).OnlyIf(_ => true);
        _builder.AddFinally("after the end", Nothing).Needs(end);
        Assert.Equal(2, _builder.Build().Jobs.Length);
    }

    [Fact]
    public void Build_SettingsThatDoNothing_AreRefused()
    {
        _builder.AddApproval("gate").WithLock("db");
        _builder.AddJob("a", Nothing).WithRetry(2, Failure.None);
        _builder.AddJob("b", Nothing).WithResourceGroup("prod");
        _builder.AddJob("c", Nothing).WithResourceGroup("prod", ResourceGroupMode.OldestFirst);
        Assert.Equal(
            [
                "the resource group 'prod' is used as Unordered and as OldestFirst; all its jobs must name the same mode",
                "'gate' is an approval and holds nothing while it waits; put its locks, limits and resource groups on the jobs that do the work",
                "'a' is tried again after no failure at all; say after which",
            ],
            Problems());
    }

    [Fact]
    public void Build_ApprovalOfMoreThanItNames_IsAllowed()
    {
        // A name can be a group's.
        _builder.AddApproval("gate", new() { From = ["ops"], Quorum = 2 });
        Assert.Single(_builder.Build().Jobs);
    }

    [Fact]
    public void Build_SameStageTwiceOrNamedAsAJob_IsRefused()
    {
        _builder.AddStage("test");
        _builder.AddStage("Test");
        _builder.AddJob("TEST", Nothing);
        Assert.Equal(2, Problems().Length);
    }

    private ImmutableArray<string> Problems() => Assert.Throws<PipelineDefinitionException>(_builder.Build).Problems;

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

namespace DevOps.Pipelines.Tests;

public sealed class PlannerTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Plan_OnlyOneJob_TakesInWhatItNeedsAndTriggersButNoOrder()
    {
        Job a = _builder.AddJob("a", Nothing);
        Job order = _builder.AddJob("order", Nothing);
        Job optional = _builder.AddJob("optional", Nothing);
        Job b = _builder.AddJob("b", Nothing).Needs(a).After(order).NeedsIfPlanned(optional);
        Job triggered = _builder.AddJob("triggered", Nothing);
        b.Triggers(triggered);
        triggered.Triggers(_builder.AddJob("second", Nothing));
        PipelinePlan plan = _builder.Build().Plan(new() { Only = ["B"] });
        Assert.Equal([("a", "'b' needs it"), ("b", "it was asked for"), ("triggered", "'b' triggers it"), ("second", "'triggered' triggers it")], plan.Jobs.Select(job => (job.Name, job.Why)));
        Assert.Empty(plan.Jobs[1].After);
        Assert.Null(plan.FreeOrder);
    }

    [Fact]
    public void Plan_LeaveOut_KeepsTheOrderOfWhatWasAskedFor()
    {
        Job a = _builder.AddJob("a", Nothing);
        Job b = _builder.AddJob("b", Nothing).Needs(a);
        _builder.AddJob("c", Nothing).Needs(b, a);
        PipelinePlan plan = _builder.Build().Plan(new() { Only = ["c", "a"], WhatIsNeeded = NeededJobs.LeaveOut });
        Assert.Equal(["a", "c"], plan.Jobs.Select(job => job.Name));
        Assert.Equal(["a"], plan.Jobs[1].Needs);
    }

    [Fact]
    public void Plan_UnknownNames_AreAllToldWithWhatWasMeant()
    {
        _builder.AddJob("build", Nothing);
        _builder.AddJob("deploy", Nothing);
        PlanException error = Assert.Throws<PlanException>(() => _builder.Build().Plan(new() { Only = ["biuld", "xyzxyz", "deploy"] }));
        Assert.Equal("The pipeline 'ship' has no job and no stage 'biuld' (did you mean 'build'?) nor 'xyzxyz'. It has: build, deploy.", error.Message);
    }

    [Fact]
    public async Task Plan_AskedForAndSkippedBehindAnother_IsRefusedAsTheRunIs()
    {
        Job a = _builder.AddJob("a", Nothing).OnlyWhen(_ => 1 > 2);
        _builder.AddJob("b", Nothing).Needs(a);
        Pipeline pipeline = _builder.Build();
        RunOptions options = new() { Only = ["b"] };
        PlanException error = Assert.Throws<PlanException>(() => pipeline.Plan(options));
        Assert.Equal("'b' was asked for and does not run: needs 'a', which is skipped. Change the parameters, or ask for another job.", error.Message);
        Assert.Equal(error.Message, (await Assert.ThrowsAsync<PlanException>(() => pipeline.RunAsync(options, Cancellation))).Message);
    }

    [Fact]
    public async Task Plan_Skips_AreThoseOfTheRun()
    {
        // A property: what the plan calls skipped is skipped, and all else runs.
        Random random = new(5);
        for (int round = 0; round < 50; round++)
        {
            PipelineBuilder builder = new("ship");
            List<Job> jobs = [];
            for (int i = 0; i < 15; i++)
            {
                Job job = builder.AddJob($"job {i}", Nothing);
                foreach (Job other in jobs.Where(_ => random.Next(6) == 0))
                {
                    _ = random.Next(3) switch { 0 => job.Needs(other), 1 => job.NeedsIfPlanned(other), _ => job.After(other) };
                }

                if (random.Next(5) == 0)
                {
                    job.OnlyWhen(_ => false);
                }

                if (random.Next(8) == 0)
                {
                    job.RunsAlways();
                }

                jobs.Add(job);
            }

            Pipeline pipeline = builder.Build();
            PipelineResult result = await pipeline.RunAsync(cancellationToken: Cancellation);
            Assert.Equal(
                pipeline.Plan().Jobs.Where(job => job.SkipReason is not null).Select(job => job.Name).Order(),
                result.Jobs.Where(job => job.Outcome == Outcome.Skipped).Select(job => job.Name).Order());
        }
    }

    [Fact]
    public void FreeOrder_Choice_IsTheFirstPair()
    {
        Job a = _builder.AddJob("a", Nothing);
        _builder.AddJob("b", Nothing).Needs(a);
        _builder.AddJob("c", Nothing).Needs(a);
        Assert.Equal(new FreeOrder("b", "c"), _builder.Build().Plan().FreeOrder);
    }

    [Fact]
    public void FreeOrder_StagesAndTheEnd_LeaveNoChoice()
    {
        _builder.AddFinally("end", Nothing);
        Stage one = _builder.AddStage("one");
        _builder.AddStage("empty");
        Stage two = _builder.AddStage("two");
        _builder.AddJob("b", Nothing).InStage(two);
        _builder.AddJob("a", Nothing).InStage(one);
        PipelinePlan plan = _builder.Build().Plan();
        Assert.Null(plan.FreeOrder);
        Assert.Equal(["a", "b", "end"], plan.Jobs.Select(job => job.Name));
        Assert.Equal(["one", "two"], plan.Stages);
    }

    [Fact] // Bullseye's check has no memory of what it saw: this would be 10^8 calls.
    public void Build_DenseGraph_IsCheckedOnce() => Assert.Equal(60, Dense(5, 12).Build().Plan().Jobs.Length);

    [Fact]
    public void Build_AllNeedEachOther_TellsAFewCirclesAndEnds()
    {
        Job[] jobs = [.. Enumerable.Range(0, 300).Select(i => _builder.AddJob($"{i}", Nothing))];
        foreach (Job job in jobs)
        {
            job.Needs(jobs);
        }

        Assert.Equal(20, Assert.Throws<PipelineDefinitionException>(_builder.Build).Problems.Length);
    }

    [Fact] // NUKE's planner is cubic, Cake's quadratic.
    public void Plan_HundredThousandJobs_NeedsNoMoreThanEachEdgeOnce()
    {
        const int count = 100_000;
        Job first = _builder.AddJob("first", Nothing);
        Job[] middle = [.. Enumerable.Range(0, count).Select(i => _builder.AddJob($"job {i}", Nothing).Needs(first))];
        Job last = _builder.AddJob("last", Nothing).Needs(middle).Needs(middle);
        Pipeline pipeline = _builder.Build();
        PipelinePlan plan = pipeline.Plan(new() { Only = [.. middle.Select(job => job.Name), "last"] });
        Assert.Equal(count + 2, plan.Jobs.Length);
        Assert.Equal(count, plan.Jobs[^1].Needs.Length);
        Assert.Equal(count, last.Needed.Length);
        Assert.Equal(new FreeOrder("job 0", "job 1"), plan.FreeOrder);
    }

    internal static PipelineBuilder Dense(int width, int depth)
    {
        PipelineBuilder builder = new("dense");
        Job[] before = [];
        for (int row = 0; row < depth; row++)
        {
            Job[] jobs = [.. Enumerable.Range(0, width).Select(i => builder.AddJob($"{row}-{i}", Nothing).Needs(before))];
            before = jobs;
        }

        return builder;
    }

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

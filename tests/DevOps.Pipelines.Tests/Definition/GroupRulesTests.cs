namespace DevOps.Pipelines.Tests;

/// <summary>What is said of the jobs of a group counts as it does for jobs of the pipeline, and what cannot count is refused.</summary>
public sealed class GroupRulesTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly Job<int> _source;
    private bool _ran;

    public GroupRulesTests() => _source = _builder.AddJob("source", _ => Task.FromResult(1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlyWhen_InAGroup_IsHonoured()
    {
        _builder.AddJobs("group", _source, (more, _) => more.AddJob("deploy", Run).OnlyWhen(_ => false));
        PipelineResult result = await RunAsync();
        Assert.Equal((Outcome.Success, Outcome.Skipped), (result.Outcome, result.Jobs.Single(job => job.Name == "deploy").Outcome));
        Assert.False(_ran);
    }

    [Fact]
    public async Task Requires_InAGroup_FailsTheGroupAndStartsNothing()
    {
        _builder.AddJobs("group", _source, (more, _) =>
        {
            more.AddJob("deploy", Run).Requires(_ => false, "never");
            more.AddJob("beside", Run);
        });
        PipelineResult result = await RunAsync();
        JobResult group = result.Jobs.Single(job => job.Name == "group");
        Assert.Equal(Outcome.Failure, group.Outcome);
        Assert.Contains("'deploy'", group.Reason, StringComparison.Ordinal);
        Assert.Contains("never", group.Reason, StringComparison.Ordinal);
        Assert.False(_ran);
    }

    [Fact]
    public async Task Requires_OfASkippedJobInAGroup_IsNotAsked()
    {
        _builder.AddJobs("group", _source, (more, _) => more.AddJob("deploy", Run).OnlyWhen(_ => false).Requires(_ => throw new InvalidOperationException("must not be asked")));
        Assert.Equal(Outcome.Success, (await RunAsync()).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NeedsWhen_InAGroup_IsHonoured(bool needs)
    {
        _builder.AddJobs("group", _source, (more, _) =>
        {
            Job fails = more.AddJob("fails", _ => throw new InvalidOperationException("broken"));
            more.AddJob("deploy", Run).NeedsWhen(_ => needs, [fails]);
        });
        await RunAsync();
        Assert.Equal(!needs, _ran);
    }

    [Theory]
    [InlineData("OnlyWhen")]
    [InlineData("Requires")]
    [InlineData("NeedsWhen")]
    public async Task Condition_InAGroupThrows_FailsTheGroupAlone(string kind)
    {
        Func<ParameterValues, bool> broken = _ => throw new FormatException("no such region");
        _builder.AddJobs("group", _source, (more, value) =>
        {
            Job first = more.AddJob("first", Run);
            Job deploy = more.AddJob("deploy", Run);
            _ = kind switch
            {
                "OnlyWhen" => deploy.OnlyWhen(broken),
                "Requires" => deploy.Requires(broken),
                _ => deploy.NeedsWhen(broken, [first]),
            };
        });
        bool other = false;
        _builder.AddJob("other", _ =>
        {
            other = true;
            return Task.CompletedTask;
        }).Needs(_source);
        PipelineResult result = await RunAsync();
        JobResult group = result.Jobs.Single(job => job.Name == "group");
        Assert.Equal((Outcome.Failure, true, false), (group.Outcome, other, _ran));
        Assert.Contains("no such region", group.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("post")]
    [InlineData("parameter")]
    [InlineData("precondition")]
    public async Task Group_WithWhatOnlyAPipelineHas_IsRefused(string what)
    {
        _builder.AddJobs("group", _source, (more, _) =>
        {
            more.AddJob("deploy", Run);
            switch (what)
            {
                case "post":
                    more.WithPost(PostConditions.None.Always(_ => Task.CompletedTask));
                    break;
                case "parameter":
                    more.AddParameter("region", "north", "where");
                    break;
                default:
                    more.Requires(_ => true);
                    break;
            }
        });
        PipelineResult result = await RunAsync();
        JobResult group = result.Jobs.Single(job => job.Name == "group");
        Assert.Equal((Outcome.Failure, "parameters, preconditions and work that follows are those of the pipeline, and a group of jobs has none of its own"), (group.Outcome, group.Reason));
        Assert.False(_ran);
    }

    [Fact]
    public async Task Circle_ThroughNestedGroups_IsToldWithItsPath()
    {
        Job? behind = null;
        JobGroup outer = _builder.AddJobs("outer", _source, (more, _) =>
        {
            Job<int> second = more.AddJob("second", _ => Task.FromResult(2));
            more.AddJobs("inner", second, (most, _) => most.AddJob("child", Run).Needs(behind!));
        });
        behind = _builder.AddJob("behind", Run).Needs(outer);
        PipelineResult result = await RunAsync();
        JobResult inner = result.Jobs.Single(job => job.Name == "inner");
        Assert.Equal(Outcome.Failure, inner.Outcome);
        Assert.Equal("jobs wait for each other in a circle: child -> behind -> outer -> inner -> child", inner.Reason);
        Assert.False(_ran);
    }

    [Theory]
    [InlineData(Outcome.Success)]
    [InlineData(Outcome.Unstable)]
    public async Task Group_OfToleratedJobs_EndsAsTheyCount(Outcome countsAs)
    {
        _builder.AddJobs("group", _source, (more, _) => more.AddJob("flaky", _ => throw new IOException("gone")).WithTolerance(new Tolerance { CountsAs = countsAs }));
        PipelineResult result = await RunAsync();
        Assert.Equal((countsAs, countsAs), (result.Outcome, result.Jobs.Single(job => job.Name == "group").Outcome));
    }

    private Task Run(JobContext job)
    {
        _ran = true;
        return Task.CompletedTask;
    }

    private Task<PipelineResult> RunAsync() => _builder.Build().RunAsync(cancellationToken: Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
}

namespace DevOps.Pipelines.Tests;

public sealed class PipelineBuilderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly PipelineBuilder _builder = new("ship");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t\n")]
    public void Names_Blank_AreRefused(string name)
    {
        Assert.Throws<ArgumentException>(() => new PipelineBuilder(name));
        Assert.Throws<ArgumentException>(() => _builder.AddJob(name, Nothing));
        Assert.Throws<ArgumentException>(() => _builder.AddJob(name, _ => Task.FromResult(1)));
        Assert.Empty(_builder.Build().Jobs);
    }

    [Fact]
    public void AddJob_NullArguments_AreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new PipelineBuilder(null!));
        Assert.Throws<ArgumentNullException>(() => _builder.AddJob(null!, Nothing));
        Assert.Throws<ArgumentNullException>(() => _builder.AddJob("a", null!));
        Assert.Throws<ArgumentNullException>(() => _builder.AddJob<int>("a", null!));
        Assert.Empty(_builder.Build().Jobs);
    }

    [Fact]
    public void Build_ValidGraph_KeepsJobsInTheOrderTheyWereAdded()
    {
        Job second = _builder.AddJob("second", Nothing);
        Job first = _builder.AddJob("first", Nothing);
        second.Needs(first);
        Pipeline pipeline = _builder.Build();

        Assert.Equal("ship", pipeline.Name);
        Assert.Equal([second, first], pipeline.Jobs);
        Assert.Equal("second", second.ToString());
    }

    [Theory]
    [InlineData("build", "build")]
    [InlineData("build", "Build")]
    [InlineData("Test-API", "tEST-api")]
    public void Build_SameName_IsRefusedWhateverItsCase(string name, string other)
    {
        _builder.AddJob(name, Nothing);
        _builder.AddJob("between", Nothing);
        _builder.AddJob(other, Nothing);

        PipelineDefinitionException error = Assert.Throws<PipelineDefinitionException>(_builder.Build);
        string problem = Assert.Single(error.Problems);
        Assert.Contains($"2 jobs are named '{name}'", problem, StringComparison.Ordinal);
        Assert.Contains("'ship'", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NeedsItself_ShowsTheCircle()
    {
        Job job = _builder.AddJob("a", Nothing);
        job.Needs(job);

        PipelineDefinitionException error = Assert.Throws<PipelineDefinitionException>(_builder.Build);
        Assert.Equal(["jobs wait for each other in a circle: a -> a"], error.Problems);
    }

    [Fact]
    public void Build_Circle_ShowsItsPathAndNoJobOutsideIt()
    {
        Job outside = _builder.AddJob("outside", Nothing);
        Job a = _builder.AddJob("a", Nothing);
        Job b = _builder.AddJob("b", Nothing);
        Job c = _builder.AddJob("c", Nothing);
        Job below = _builder.AddJob("below", Nothing);
        outside.Needs(a);
        a.Needs(below, b);
        b.Needs(c);
        c.Needs(below, a);

        PipelineDefinitionException error = Assert.Throws<PipelineDefinitionException>(_builder.Build);
        Assert.Equal(["jobs wait for each other in a circle: a -> b -> c -> a"], error.Problems);
    }

    [Fact]
    public void Build_NamesAndCircleWrong_ListsAllAtOnce()
    {
        _builder.AddJob("a", Nothing);
        _builder.AddJob("A", Nothing);
        _builder.AddJob("b", Nothing);
        _builder.AddJob("B", Nothing);
        _builder.AddJob("b", Nothing);
        Job circle = _builder.AddJob("c", Nothing);
        circle.Needs(_builder.AddJob("d", Nothing).Needs(circle));

        PipelineDefinitionException error = Assert.Throws<PipelineDefinitionException>(_builder.Build);
        Assert.Equal(3, error.Problems.Length);
        Assert.Contains(error.Problems, problem => problem.StartsWith("2 jobs are named 'a'", StringComparison.Ordinal));
        Assert.Contains(error.Problems, problem => problem.StartsWith("3 jobs are named 'b'", StringComparison.Ordinal));
        Assert.Contains(error.Problems, problem => problem.EndsWith("c -> d -> c", StringComparison.Ordinal));
        Assert.All(error.Problems, problem => Assert.Contains(problem, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_TwoCircles_ListsBoth()
    {
        Job a = _builder.AddJob("a", Nothing);
        a.Needs(_builder.AddJob("b", Nothing).Needs(a));
        Job c = _builder.AddJob("c", Nothing);
        c.Needs(_builder.AddJob("d", Nothing).Needs(c));

        Assert.Equal(
            ["jobs wait for each other in a circle: a -> b -> a", "jobs wait for each other in a circle: c -> d -> c"],
            Assert.Throws<PipelineDefinitionException>(_builder.Build).Problems);
    }

    [Fact]
    public void Build_Diamond_IsNoCircle()
    {
        Job top = _builder.AddJob("top", Nothing);
        Job left = _builder.AddJob("left", Nothing).Needs(top);
        Job right = _builder.AddJob("right", Nothing).Needs(top);
        Job bottom = _builder.AddJob("bottom", Nothing).Needs(left, right, top);

        Assert.Equal([top, left, right, bottom], _builder.Build().Jobs);
    }

    [Fact]
    public void Build_Done_RefusesChanges()
    {
        Job first = _builder.AddJob("first", Nothing);
        Job<int> second = _builder.AddJob("second", _ => Task.FromResult(2));
        Pipeline pipeline = _builder.Build();

        Assert.Throws<InvalidOperationException>(() => _builder.AddJob("third", Nothing));
        Assert.Throws<InvalidOperationException>(() => _builder.AddJob("third", _ => Task.FromResult(3)));
        Assert.Throws<InvalidOperationException>(() => _builder.AddJob("third", second, (_, _) => Task.CompletedTask));
        Assert.Throws<InvalidOperationException>(() => first.Needs(second));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => second.Needs(first));
        Assert.Contains("before Build", error.Message, StringComparison.Ordinal);
        Assert.Equal([first, second], pipeline.Jobs);
        Assert.Empty(second.Needed);
    }

    [Fact]
    public void Build_Refused_CanBeMendedAndBuilt()
    {
        Job job = _builder.AddJob("a", Nothing);
        Job same = _builder.AddJob("A", Nothing);
        Assert.Throws<PipelineDefinitionException>(_builder.Build);

        same.Needs(job);
        _builder.AddJob("b", Nothing).Needs(same);
        Assert.Single(Assert.Throws<PipelineDefinitionException>(_builder.Build).Problems);
    }

    [Fact]
    public async Task Build_LongChain_IsCheckedAndRunWithoutExhaustingTheStack()
    {
        const int length = 20_000;
        Job<int> last = _builder.AddJob("job 0", _ => Task.FromResult(0));
        for (int i = 1; i < length; i++)
        {
            last = _builder.AddJob($"job {i}", last, (_, value) => Task.FromResult(value + 1));
        }

        int end = 0;
        _builder.AddJob("end", last, (_, value) => Task.FromResult(end = value));
        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal(length - 1, end);
    }

    [Fact]
    public async Task Build_LongChainThatFailsFirst_SkipsAllWithoutExhaustingTheStack()
    {
        const int length = 20_000;
        Job last = _builder.AddJob("job 0", _ => throw new InvalidOperationException("broken"));
        for (int i = 1; i < length; i++)
        {
            last = _builder.AddJob($"job {i}", Nothing).Needs(last);
        }

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(length - 1, result.Jobs.Count(job => job.Outcome == Outcome.Skipped));
        Assert.Equal($"needs 'job {length - 2}', which was skipped", result.Jobs[^1].Reason);
    }

    [Fact]
    public void Build_LongCircle_IsFound()
    {
        const int length = 20_000;
        Job first = _builder.AddJob("job 0", Nothing);
        Job last = first;
        for (int i = 1; i < length; i++)
        {
            last = _builder.AddJob($"job {i}", Nothing).Needs(last);
        }

        first.Needs(last);
        string problem = Assert.Single(Assert.Throws<PipelineDefinitionException>(_builder.Build).Problems);
        Assert.Equal(length, problem.Split(" -> ").Length - 1);
    }

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

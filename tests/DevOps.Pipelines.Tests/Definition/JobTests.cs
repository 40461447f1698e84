namespace DevOps.Pipelines.Tests;

public sealed class JobTests
{
    private readonly PipelineBuilder _builder = new("ship");

    [Fact]
    public void Needs_SameJobTwice_IsKeptOnceInOrder()
    {
        Job a = _builder.AddJob("a", Nothing);
        Job b = _builder.AddJob("b", Nothing);
        Job c = _builder.AddJob("c", Nothing).Needs(b, a).Needs(b).Needs(a, a);

        Assert.Equal([b, a], c.Needed);
        Assert.Empty(a.Needed);
    }

    [Fact]
    public void Needs_None_ChangesNothing()
    {
        Job a = _builder.AddJob("a", Nothing);
        Assert.Same(a, a.Needs());
        Assert.Empty(a.Needed);
    }

    [Fact]
    public void Needs_JobWithResult_ReturnsItWithItsType()
    {
        Job a = _builder.AddJob("a", Nothing);
        Job<int> b = _builder.AddJob("b", _ => Task.FromResult(1));
        Job<int> returned = b.Needs(a);

        Assert.Same(b, returned);
        Assert.Equal([a], b.Needed);
    }

    [Fact]
    public void Needs_JobOfAnotherPipeline_IsRefusedNamingBoth()
    {
        Job mine = _builder.AddJob("mine", Nothing);
        Job theirs = new PipelineBuilder("ship").AddJob("theirs", Nothing);

        ArgumentException error = Assert.Throws<ArgumentException>(() => mine.Needs(theirs));
        Assert.Contains("'mine'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'theirs'", error.Message, StringComparison.Ordinal);
        Assert.Empty(mine.Needed);
    }

    [Fact]
    public void Needs_Null_IsRefused()
    {
        Job a = _builder.AddJob("a", Nothing);
        Assert.Throws<ArgumentNullException>(() => a.Needs(null!));
        Assert.Throws<ArgumentNullException>(() => a.Needs([null!]));
        Assert.Empty(a.Needed);
    }

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

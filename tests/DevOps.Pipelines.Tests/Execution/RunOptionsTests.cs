namespace DevOps.Pipelines.Tests;

public sealed class RunOptionsTests
{
    [Fact]
    public void Default_IsAsDocumented()
    {
        Assert.Equal(int.MaxValue, RunOptions.Default.MaxConcurrency);
        Assert.Equal(10_000, RunOptions.Default.MaxLogLines);
        Assert.Same(TimeProvider.System, RunOptions.Default.TimeProvider);
        Assert.Null(RunOptions.Default.Progress);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Bounds_BelowOne_AreRefused(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions { MaxConcurrency = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions { MaxLogLines = value });
    }
}

namespace DevOps.Pipelines.Tests;

public sealed class PipelineBuilderInputsTests
{
    private readonly PipelineBuilder _builder = new("ship");
    private readonly List<string> _seen = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddJob_Inputs_AreNeededInOrderAndPassed()
    {
        Job<int> number = _builder.AddJob("number", _ => Task.FromResult(7));
        Job<string> word = _builder.AddJob("word", _ => Task.FromResult("seven"));
        Job<bool> flag = _builder.AddJob("flag", _ => Task.FromResult(true));

        Job one = _builder.AddJob("one", number, (_, n) => Keep($"{n}"));
        Job two = _builder.AddJob("two", number, word, (_, n, w) => Keep($"{n} {w}"));
        Job three = _builder.AddJob("three", number, word, flag, (_, n, w, f) => Keep($"{n} {w} {f}"));
        Job<string> oneResult = _builder.AddJob("one result", number, (_, n) => Task.FromResult($"={n}"));
        Job<string> twoResult = _builder.AddJob("two result", number, oneResult, (_, n, o) => Task.FromResult($"{n}{o}"));
        Job<string> threeResult = _builder.AddJob("three result", oneResult, twoResult, flag, (_, o, t, f) => Task.FromResult($"{o} {t} {f}"));
        _builder.AddJob("all", threeResult, (_, text) => Keep(text)).Needs(one, two, three);

        PipelineResult result = await _builder.Build().RunAsync(new() { MaxConcurrency = 1 }, Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal([number], one.Needed);
        Assert.Equal([number, word], two.Needed);
        Assert.Equal([number, word, flag], three.Needed);
        Assert.Equal([number], oneResult.Needed);
        Assert.Equal([number, oneResult], twoResult.Needed);
        Assert.Equal([oneResult, twoResult, flag], threeResult.Needed);
        Assert.Equal(["7", "7 seven", "7 seven True", "=7 7=7 True"], _seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AddJob_NullResult_IsPassed()
    {
        Job<string?> nothing = _builder.AddJob("nothing", _ => Task.FromResult<string?>(null));
        _builder.AddJob("reader", nothing, (_, value) => Keep(value ?? "null"));

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal(["null"], _seen);
    }

    [Fact]
    public void AddJob_InputOfAnotherPipeline_IsRefused()
    {
        Job<int> theirs = new PipelineBuilder("other").AddJob("theirs", _ => Task.FromResult(1));
        Assert.Throws<ArgumentException>(() => _builder.AddJob("mine", theirs, (_, _) => Task.CompletedTask));
    }

    [Fact]
    public void AddJob_NullArguments_AreRefused()
    {
        Job<int> first = _builder.AddJob("first", _ => Task.FromResult(1));
        Assert.Throws<ArgumentNullException>(() => PipelineBuilderInputs.AddJob(null!, "a", first, (_, _) => Task.CompletedTask));
        Assert.Throws<ArgumentNullException>(() => _builder.AddJob("a", first, (Func<JobContext, int, Task>)null!));
        Assert.Throws<ArgumentNullException>(() => _builder.AddJob("a", first, (Func<JobContext, int, Task<int>>)null!));
        Assert.Equal([first], _builder.Build().Jobs);
    }

    private Task Keep(string text)
    {
        _seen.Add(text);
        return Task.CompletedTask;
    }
}

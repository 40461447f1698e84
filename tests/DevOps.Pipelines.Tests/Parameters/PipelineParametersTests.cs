using System.Collections.Immutable;

namespace DevOps.Pipelines.Tests;

/// <summary>What a pipeline's parameters are to its runs and plans.</summary>
public sealed class PipelineParametersTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_Parameters_HaveTheirValues()
    {
        Parameter<int> count = _builder.AddParameter<int>("count", "How many.");
        Parameter<string> name = _builder.AddParameter("name", "default", "");
        Parameter<string?> noText = _builder.AddOptional<string>("no-text", "");
        Parameter<int?> noNumber = _builder.AddOptional<int>("no-number", "");
        Parameter<int?> number = _builder.AddOptional<int>("number", "");
        Parameter<DayOfWeek> day = _builder.AddChoice("day", DayOfWeek.Friday, "");
        string? seen = null;
        _builder.AddJob("a", job =>
        {
            seen = $"{job.Get(count)} {job.Get(name)} {job.Get(noText) is null} {job.Get(noNumber) is null} {job.Get(number)} {job.Get(day)}";
            return Task.CompletedTask;
        });
        Pipeline pipeline = _builder.Build();
        await pipeline.RunAsync(Given(("COUNT", "7"), ("number", "2"), ("day", "monday")), Cancellation);

        Assert.Equal("7 default True True 2 Monday", seen);
        Assert.Equal(("count", "How many.", true, "whole number", null), (count.Name, count.Description, count.IsRequired, count.Kind, count.DefaultText));
        Assert.Equal((false, "Friday", 7), (day.IsRequired, day.DefaultText, day.Choices.Length));
    }

    [Fact]
    public async Task RunAsync_WrongParameters_AreAllToldBeforeAnythingRuns()
    {
        _builder.AddParameter<string>("image-tag", "");
        _builder.AddParameter<int>("count", "");
        _builder.AddSecret("token", "");
        bool ran = false;
        _builder.AddJob("a", _ => Task.FromResult(ran = true));
        Pipeline pipeline = _builder.Build();
        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => pipeline.RunAsync(Given(("count", "x"), ("imagetags", "1")), Cancellation));

        Assert.Equal(
            ["'count' is 'x' and not a whole number", "missing: 'image-tag' (text), 'token' (secret)", "there is no parameter 'imagetags' (did you mean 'image-tag'?)"],
            error.Problems.Order(StringComparer.Ordinal));
        Assert.False(ran);
    }

    [Fact]
    public async Task RunAsync_SecretAmongTexts_IsRefusedAndNotShown()
    {
        _builder.AddOptionalSecret("token", "");
        Pipeline pipeline = _builder.Build();
        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => pipeline.RunAsync(Given(("token", "abcdefgh")), Cancellation));
        Assert.Contains("RunOptions.Secrets", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefgh", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ConditionReadsASecret_IsRefused()
    {
        Parameter<Secret?> token = _builder.AddOptionalSecret("token", "");
        _builder.AddJob("a", _ => Task.CompletedTask).OnlyWhen(values => values.Get(token) != null);
        Assert.Contains("only known to a run", Assert.ThrowsAny<InvalidOperationException>(() => _builder.Build().Plan()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SameParameterTwice_IsRefused()
    {
        _builder.AddParameter("image-tag", 1, "");
        _builder.AddParameter("ImageTag", 1, "");
        Assert.Contains("'image-tag' and 'ImageTag'", Assert.Single(Assert.Throws<PipelineDefinitionException>(_builder.Build).Problems), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _builder.AddChoice("x", ["a"], "b", ""));
        Assert.Throws<ArgumentException>(() => _builder.AddParameter(" ", 1, ""));
    }

    [Fact]
    public async Task Requires_NotMet_TellsAllOfTheJobsThatWouldRunAndRunsNothing()
    {
        Parameter<int> count = _builder.AddParameter("count", 0, "");
        Parameter<string?> target = _builder.AddOptional<string>("target", "");
        bool ran = false;
        _builder.Requires(values => values.Get(count) >= 0);
        _builder.AddJob("build", _ => Task.FromResult(ran = true)).Requires(values => values.Get(count) > 0);
        _builder.AddJob("push", _ => Task.FromResult(ran = true)).Requires(values => values.Get(target) != null).Requires(_ => Fails());
        _builder.AddJob("skipped", _ => Task.CompletedTask).OnlyWhen(values => values.Get(count) == 5).Requires(_ => false);
        Pipeline pipeline = _builder.Build();

        PreconditionException error = await Assert.ThrowsAsync<PreconditionException>(() => pipeline.RunAsync(cancellationToken: Cancellation));
        Assert.Equal(
            ["'build' requires values.Get(count) > 0", "'push' requires values.Get(target) != null", "'push' requires Fails(), which failed: broken"],
            error.Problems);
        Assert.Equal(error.Problems, Assert.Throws<PreconditionException>(() => pipeline.Plan()).Problems);
        Assert.False(ran);

        RunOptions onlyBuild = Given(("count", "1")) with { Only = ["build"] };
        Assert.Equal(Outcome.Success, (await pipeline.RunAsync(onlyBuild, Cancellation)).Outcome);
        Assert.Equal("the pipeline requires values.Get(count) >= 0", (await Assert.ThrowsAsync<PreconditionException>(() => pipeline.RunAsync(Given(("count", "-1")), Cancellation))).Problems[0]);
    }

    [Fact]
    public async Task Requires_Secret_IsAskedByRunsOnly()
    {
        Parameter<Secret?> token = _builder.AddOptionalSecret("token", "");
        _builder.AddJob("push", _ => Task.CompletedTask).Requires(values => values.Get(token) != null);
        Pipeline pipeline = _builder.Build();
        Assert.Single(pipeline.Plan().Jobs);
        await Assert.ThrowsAsync<PreconditionException>(() => pipeline.RunAsync(cancellationToken: Cancellation));
    }

    private static bool Fails() => throw new InvalidOperationException("broken");

    private static RunOptions Given(params (string Name, string Text)[] parameters) => new() { Parameters = parameters.ToImmutableDictionary(parameter => parameter.Name, parameter => parameter.Text) };
}

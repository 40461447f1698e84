using System.Collections.Immutable;
using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class ParameterReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ReadParametersAsync_Sources_StandInTheirOrder()
    {
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            _builder.AddParameter(name, "default", "");
        }

        ParameterInput input = await _builder.Build().ReadParametersAsync(
            new()
            {
                CommandLine = [new("A", "line")],
                File = Write("""{ "a": "file", "b": "file", "c": "file", "profiles": { "ci": { "a": "profile", "b": "profile" } } } // of the team"""),
                Profile = "ci",
                Environment = Environment(("X_A", "env"), ("X_B", "env"), ("X_C", "env"), ("X_D", "env"), ("E", "not prefixed")),
                EnvironmentPrefix = "X_",
            },
            Cancellation);

        Assert.Equal([("a", "line"), ("b", "profile"), ("c", "file"), ("d", "env")], input.Texts.OrderBy(text => text.Key).Select(text => (text.Key, text.Value)));
        Assert.Equal("the command line", input.Origins["a"]);
        Assert.Equal("the environment variable X_D", input.Origins["d"]);
        Assert.StartsWith("the profile 'ci' of '", input.Origins["b"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadParametersAsync_AllWrong_TellsAllAtOnceWithTheirPlaces()
    {
        _builder.AddParameter<string>("image-tag", "");
        _builder.AddChoice("os", ["linux", "windows"], "");
        _builder.AddSecret("token", "");
        _builder.AddParameter("count", 1, "");
        _builder.AddParameter("size", 1, "");
        string file = Write("""{ "count": "many", "imge-tag": "x", "token": "hidden-in-file", "size": { } }""");

        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => _builder.Build().ReadParametersAsync(
            new() { File = file, CommandLine = [new("colour", "red"), new("size", "1"), new("size", "2")] }, Cancellation));

        Assert.Equal(
            [
                "there is no parameter 'colour' (on the command line)",
                "'size' stands more than once on the command line",
                $"there is no parameter 'imge-tag' (did you mean 'image-tag'?) (in '{file}')",
                $"'token' is a secret and stands in '{file}'; take it out, and give it through a source of secrets",
                $"'size' in '{file}' is neither a text, a number, a truth value nor an array of these",
                $"'count' is 'many' and not a whole number (from '{file}')",
                "missing: 'image-tag' (text), 'os' (one of linux, windows), 'token' (secret)",
            ],
            error.Problems);
        Assert.DoesNotContain("hidden-in-file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[1]""", "is not a JSON object")]
    [InlineData("""{ "a": """, "is not valid JSON, at line 1")]
    [InlineData("""{ "profiles": { "dev": { }, "ci": [] } }""", "has no profile 'ci'; it has: dev, ci")]
    [InlineData("""{ }""", "has no profiles, and the profile 'ci' was asked for")]
    [InlineData("""{ "a": "1", "A": "2", "profiles": { "ci": { } } }""", "'a' stands twice in")]
    [InlineData("""{ "a": "\ud800", "profiles": { "ci": { } } }""", "half a character")]
    [InlineData("""{ "a": null, "profiles": { "ci": { } } }""", "'a' in ")]
    public async Task ReadParametersAsync_DamagedFile_SaysWhatIsWrong(string json, string expected)
    {
        _builder.AddParameter("a", "default", "");
        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => _builder.Build().ReadParametersAsync(new() { File = Write(json), Profile = "ci" }, Cancellation));
        Assert.Contains(expected, Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadParametersAsync_FileTooLongOrMissing_IsAProblem()
    {
        _builder.AddParameter("a", "default", "");
        Pipeline pipeline = _builder.Build();
        string file = Write($$"""{ "a": "{{new string('x', ParameterFile.MaxBytes)}}" }""");
        Assert.Contains("longer than 1048576 bytes", (await Assert.ThrowsAsync<ParameterException>(() => pipeline.ReadParametersAsync(new() { File = file }, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<ParameterException>(() => pipeline.ReadParametersAsync(new() { File = file + "x" }, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadParametersAsync_DamagedBytes_GiveValuesOrAParameterException()
    {
        _builder.AddParameter("a", "default", "");
        _builder.AddListParameter<int>("b", "");
        Pipeline pipeline = _builder.Build();
        byte[] good = Encoding.UTF8.GetBytes("""{ "a": "x", "b": [1, 2], "profiles": { "ci": { "a": "\u00e9" } } }""");
        string file = Path.Combine(_directory.Path, "parameters.json");
        Random random = new(17);
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await File.WriteAllBytesAsync(file, random.Next(3) == 0 ? damaged[..random.Next(damaged.Length)] : damaged, Cancellation);
            try
            {
                await pipeline.ReadParametersAsync(new() { File = file, Profile = "ci" }, Cancellation);
            }
            catch (ParameterException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 499);
    }

    [Fact]
    public async Task ReadParametersAsync_Lists_AddUpOnTheCommandLineAndKeepCommasOfFiles()
    {
        Parameter<ImmutableArray<string>> list = _builder.AddListParameter<string>("list", "");
        Parameter<ImmutableArray<int>> numbers = _builder.AddListParameter<int>("numbers", "");
        List<string> seen = [];
        _builder.AddJob("a", job =>
        {
            seen.AddRange(job.Get(list));
            seen.Add(job.Get(numbers).Sum().ToString(System.Globalization.CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        });
        Pipeline pipeline = _builder.Build();
        ParameterInput input = await pipeline.ReadParametersAsync(new() { CommandLine = [new("numbers", "1,2"), new("Numbers", "4")], File = Write("""{ "list": ["a,b", "c"] }""") }, Cancellation);
        await pipeline.RunAsync(new() { Parameters = input.Texts, Secrets = input.Secrets }, Cancellation);
        Assert.Equal(["a,b", "c", "7"], seen);
    }

    [Fact]
    public async Task ReadParametersAsync_Environment_MatchesWhateverTheSpelling()
    {
        _builder.AddParameter<string>("imageTag", "");
        _builder.AddParameter("empty", "default", "");
        Pipeline pipeline = _builder.Build();
        ParameterInput input = await pipeline.ReadParametersAsync(new() { Environment = Environment(("IMAGE_TAG", "1.0"), ("EMPTY", "")) }, Cancellation);
        Assert.Equal("1.0", Assert.Single(input.Texts).Value);

        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => pipeline.ReadParametersAsync(new() { Environment = Environment(("IMAGE_TAG", "1"), ("imagetag", "2")) }, Cancellation));
        Assert.Contains("which differ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadParametersAsync_Secrets_NeverStandAmongTexts()
    {
        Parameter<Secret> line = _builder.AddSecret("line", "");
        Parameter<Secret> store = _builder.AddSecret("store", "");
        Parameter<Secret> variable = _builder.AddSecret("variable", "");
        Parameter<Secret?> none = _builder.AddOptionalSecret("none", "");
        string? seen = null;
        _builder.AddJob("a", job =>
        {
            seen = $"{job.Get(line).Reveal()} {job.Get(store).Reveal()} {job.Get(variable).Reveal()} {job.Get(none) is null}";
            job.Log(seen);
            return Task.CompletedTask;
        });
        Pipeline pipeline = _builder.Build();
        ParameterInput input = await pipeline.ReadParametersAsync(
            new()
            {
                CommandLine = [new("line", "from-line")],
                Secrets = new EnvironmentSecrets(Environment(("store", "from-store"), ("line", "never-used"))),
                Environment = Environment(("STORE", "never-used"), ("VARIABLE", "from-variable")),
            },
            Cancellation);
        PipelineResult result = await pipeline.RunAsync(new() { Parameters = input.Texts, Secrets = input.Secrets }, Cancellation);

        Assert.Empty(input.Texts);
        Assert.Equal("from-line from-store from-variable True", seen);
        Assert.Equal("*** *** *** True", Assert.Single(result.Jobs[0].Log).Text);
        Assert.Equal("the environment", input.Origins["store"]);
    }

    [Fact]
    public async Task ReadParametersAsync_Prompt_IsAskedForWhatIsMissingAndAgainWhenWrong()
    {
        _builder.AddParameter<int>("count", "");
        _builder.AddSecret("token", "");
        _builder.AddParameter<string>("given", "");
        _builder.AddParameter("default", 1, "");
        Prompt prompt = new(["many", "3", "secret-answer"]);
        ParameterInput input = await _builder.Build().ReadParametersAsync(new() { CommandLine = [new("given", "x")], Prompt = prompt }, Cancellation);

        Assert.Equal(["count: ", "count: 'count' is 'many' and not a whole number", "token: "], prompt.Asked);
        Assert.Equal("3", input.Texts["count"]);
        Assert.False(input.Texts.ContainsKey("token"));
        Assert.Equal("secret-answer", (await input.Secrets.GetAsync("token", Cancellation)).Reveal());
    }

    [Fact]
    public async Task ReadParametersAsync_PromptWithoutAnswer_ReportsAllThatIsMissing()
    {
        _builder.AddParameter<int>("count", "");
        _builder.AddParameter<string>("name", "");
        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => _builder.Build().ReadParametersAsync(new() { Prompt = new Prompt(["a", "b", "c", ""]) }, Cancellation));
        Assert.Equal(["missing: 'count' (whole number), 'name' (text)"], error.Problems);
    }

    private static Dictionary<string, string?> Environment(params (string Name, string Value)[] variables) => variables.ToDictionary(variable => variable.Name, string? (variable) => variable.Value);

    private string Write(string json)
    {
        string path = Path.Combine(_directory.Path, "parameters.json");
        File.WriteAllText(path, json);
        return path;
    }

    private sealed class Prompt(string[] answers) : IParameterPrompt
    {
        internal List<string> Asked { get; } = [];

        public ValueTask<string?> AskAsync(Parameter parameter, string? problem, CancellationToken cancellationToken = default)
        {
            Asked.Add($"{parameter.Name}: {problem}");
            return new(answers[Asked.Count - 1]);
        }
    }
}

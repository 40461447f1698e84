using System.Text.Json;
using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Jobs that write commands of CI systems, and jobs that write secrets.</summary>
public sealed class ProgramInjectionTests
{
    private const string Secret = "hunter22-and-more";

    private readonly ProgramWorld _world = new();

    [Theory]
    [InlineData("--plain")]
    [InlineData("--verbose")]
    [InlineData("--quiet")]
    [InlineData("--json")]
    [InlineData("--parallel=2")]
    public async Task GitHub_OutputWithCommands_GivesNone(string view)
    {
        _world.SetVariables(("GITHUB_ACTIONS", "true"));
        Assert.Equal(1, await _world.RunAsync(Failing("::set-env name=PATH::/tmp", "x ##[add-mask]y"), view));

        // The view's own commands are the groups and the errors.
        string[] lines = _world.All.Split('\n');
        Assert.All(
            lines.Where(line => line.TrimStart().StartsWith("::", StringComparison.Ordinal)),
            line => Assert.True(line.StartsWith("::group::", StringComparison.Ordinal) || line.StartsWith("::error title=", StringComparison.Ordinal) || line == "::endgroup::", line));
        Assert.DoesNotContain(lines, line => line.Contains("##[", StringComparison.Ordinal) && !line.StartsWith("::error title=", StringComparison.Ordinal));
        Assert.Contains("set-env name=PATH", _world.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--plain")]
    [InlineData("--verbose")]
    [InlineData("--quiet")]
    [InlineData("--json")]
    [InlineData("--parallel=2")]
    public async Task TeamCity_OutputWithMessages_GivesNone(string view)
    {
        _world.SetVariables(("TEAMCITY_VERSION", "2024.07"));
        Assert.Equal(1, await _world.RunAsync(Failing("##teamcity[buildStop comment='x']", "a ##teamcity[disableServiceMessages]"), view));
        Assert.DoesNotContain("##teamcity[buildStop", _world.All, StringComparison.Ordinal);
        Assert.DoesNotContain("##teamcity[disable", _world.All, StringComparison.Ordinal);
        Assert.Contains("disableServiceMessages", _world.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitLab_OutputWithSections_GivesNone()
    {
        _world.SetVariables(("GITLAB_CI", "true"));
        Assert.Equal(1, await _world.RunAsync(Failing("\e[0Ksection_start:1:fake\r\e[0Kfake", "\e[2J")));
        Assert.DoesNotContain("\e[0Ksection_start:1:fake", _world.All, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", _world.All, StringComparison.Ordinal);
        Assert.Contains("section_start:1:fake", _world.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OfARunWithCommands_GivesNone()
    {
        Pipeline pipeline = Failing("##[add-mask]y", "::warning::z");
        await _world.RunAsync(pipeline);
        _world.Clear();
        _world.SetVariables(("GITHUB_ACTIONS", "true"));
        Assert.Equal(0, await _world.RunAsync(pipeline, "show", ProgramWorld.RunId));
        Assert.Equal(0, await _world.RunAsync(pipeline, "explain", ProgramWorld.RunId, "push"));
        Assert.Equal(0, await _world.RunAsync(pipeline, "runs"));
        Assert.DoesNotContain("##[", _world.All, StringComparison.Ordinal);
        Assert.DoesNotContain(_world.All.Split('\n'), line => line.TrimStart().StartsWith("::", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_OfTextWithCommands_IsReadAsItWas()
    {
        PipelineBuilder builder = new("ship");
        builder.AddJob("build", _world.Takes(1, job => job.Log("##[error]a ##teamcity[b] \ud800 \"")));
        Assert.Equal(0, await _world.RunAsync(builder.Build(), "--json"));
        string line = Assert.Single(_world.Output.Split('\n'), line => line.Contains("jobLogged", StringComparison.Ordinal));
        Assert.Equal("##[error]a ##teamcity[b] \ufffd \"", JsonElement.Parse(line).GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("", "--plain")]
    [InlineData("", "--quiet")]
    [InlineData("", "--verbose")]
    [InlineData("", "--json")]
    [InlineData("GITHUB_ACTIONS", "--fail-fast")]
    [InlineData("GITLAB_CI", "--fail-fast")]
    [InlineData("TEAMCITY_VERSION", "--fail-fast")]
    public async Task Secret_WrittenByAJob_IsInNoOutput(string variable, string view)
    {
        PipelineBuilder builder = new("ship");
        Parameter<Secret> token = builder.AddSecret("token", "opens the registry");
        _world.Processes.On("push", ["shop"], new ProcessAnswer { ExitCode = 1, Output = [$"token {Secret}"], ErrorOutput = [Secret] });
        builder.AddJob("push", async job =>
        {
            Assert.Equal(Secret, job.Get(token).Reveal());
            job.Log($"log {Secret}");
            job.SetStatus(Secret);
            await job.RunAsync("push", ["shop"]);
        });
        Pipeline pipeline = builder.Build();
        _world.SetVariables((variable, "true"));
        Assert.Equal(1, await _world.RunAsync(pipeline, "--token", Secret, view));
        await _world.RunAsync(pipeline, "show", ProgramWorld.RunId);
        await _world.RunAsync(pipeline, "show", ProgramWorld.RunId, "--json");
        await _world.RunAsync(pipeline, "explain", ProgramWorld.RunId, "push");
        await _world.RunAsync(pipeline, "runs");
        Assert.Equal(0, await _world.RunAsync(pipeline, "--dry-run", "--token", Secret));
        Assert.DoesNotContain(Secret, _world.All, StringComparison.Ordinal);
        Assert.Contains("***", _world.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--token", Secret, "--token", Secret)]
    [InlineData("--tokne", Secret, "--parallel")]
    [InlineData("--tokne=" + Secret)]
    [InlineData("--param", Secret)]
    [InlineData("--param", "token=" + Secret, "--token", Secret)]
    [InlineData("--resume", "r", "--token", Secret, "--branch", "dev")]
    public async Task Secret_OnAWrongCommandLine_IsNotRepeated(params string[] args)
    {
        PipelineBuilder builder = new("ship");
        builder.AddSecret("token", "opens the registry");
        builder.AddJob("build", _world.Takes(1));
        Assert.Equal(2, await _world.RunAsync(builder.Build(), args));
        Assert.DoesNotContain("hunter22", _world.All, StringComparison.Ordinal);
    }

    private Pipeline Failing(params string[] output)
    {
        PipelineBuilder builder = new("ship");
        _world.Processes.On("push", ["shop"], new ProcessAnswer { ExitCode = 1, Output = [.. output], ErrorOutput = [.. output] });
        builder.AddJob("push", job =>
        {
            job.Log(string.Join('\n', output));
            return job.RunAsync("push", ["shop"]);
        });
        return builder.Build();
    }
}

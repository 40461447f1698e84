using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>The README's first command, in a clone of this repository.</summary>
public sealed class QuickStartTests
{
    [Fact]
    public async Task QuickStart_TwiceInAClone_GivesOneDigestAndUploadsNothingAgain()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = await CloneAsync(temporary);

        Finished first = (await Run.InAsync(clone, Repository.QuickStart)).Succeeded();
        Finished second = (await Run.InAsync(clone, Repository.QuickStart)).Succeeded();

        Assert.StartsWith("verified sha256:", first.Last, StringComparison.Ordinal);
        Assert.Contains("\n2 layers uploaded\n", first.Output, StringComparison.Ordinal);
        Assert.Contains("not runnable", first.Output, StringComparison.Ordinal);
        Assert.Equal(first.Last, second.Last);
        Assert.Contains("\n0 layers uploaded\n", second.Output, StringComparison.Ordinal);
        string digest = first.Last["verified ".Length..];
        string output = Path.Combine(clone, "artifacts", "quickstart");
        using JsonDocument index = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "layout", "index.json"), TestContext.Current.CancellationToken));
        Assert.Equal(digest, index.RootElement.GetProperty("manifests")[0].GetProperty("digest").GetString());
        Assert.Contains($"@{digest}\"", await File.ReadAllTextAsync(Path.Combine(output, "manifests.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        string report = await File.ReadAllTextAsync(Path.Combine(output, "report.html"), TestContext.Current.CancellationToken);
        Assert.All((string[])["Timeline", "Image layers", "packages", "application", "dotnet publish"], part => Assert.Contains(part, report, StringComparison.Ordinal));
        Assert.DoesNotContain("src=", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuickStart_ClonesAtTwoPlaces_GiveOneDigest()
    {
        using TemporaryDirectory one = TemporaryDirectory.Create();
        using TemporaryDirectory other = TemporaryDirectory.Create();
        string shallow = await CloneAsync(one);
        string deep = await CloneAsync(other, Path.Combine("a", "deeper", "place"));

        Finished first = (await Run.InAsync(shallow, Repository.QuickStart)).Succeeded();
        Finished second = (await Run.InAsync(deep, Repository.QuickStart)).Succeeded();

        Assert.Equal(first.Last, second.Last);
    }

    [Fact]
    public async Task QuickStart_RealRegistry_SkopeoShowsTheImage()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = await CloneAsync(temporary);

        Finished run = (await Run.InAsync(clone, Repository.QuickStart, "--registry", $"{Peer.Registry}/team")).Succeeded();

        string reference = run.Output.Split('\n').Last(line => line.StartsWith("image     ", StringComparison.Ordinal))[10..].Split('@')[0];
        Finished seen = (await Run.ProgramAsync(Peer.Skopeo, "inspect", "--tls-verify=false", $"docker://{reference}")).Succeeded();
        using JsonDocument image = JsonDocument.Parse(seen.Output);
        Assert.Equal(run.Last["verified ".Length..], image.RootElement.GetProperty("Digest").GetString());
        Assert.Equal(2, image.RootElement.GetProperty("Layers").GetArrayLength());
    }

    [Theory]
    [InlineData(2, "--sauce", "'--sauce' is not an option", "--sauce", "x")]
    [InlineData(2, "needs a value", "usage:", "--base")]
    [InlineData(2, "upper-case", "usage:", "--base", "UPPER")]
    [InlineData(2, "not a registry", "usage:", "--registry", "http://x")]
    [InlineData(1, "does not exist", "the directory of a web project", "--source", "no/such/place")]
    [InlineData(1, "No commit can be read", "git init", "--source", "/proc")]
    [InlineData(2, "'--base' can be given once", "usage:", "--base", "a", "--base", "b")]
    [InlineData(1, "127.0.0.1:1", "Check the registry's name and port", "--registry", "127.0.0.1:1")]
    [InlineData(1, "127.0.0.1:1", "Check the registry's name and port", "--base", "127.0.0.1:1/x")]
    public async Task QuickStart_BadInput_NamesTheThingAndTheRemedy(int exitCode, string thing, string remedy, params string[] arguments)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = await CloneAsync(temporary);

        Finished run = await Run.InAsync(clone, Repository.QuickStart, arguments);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(thing, run.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("verified", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuickStart_TwoAtOnce_OneRunsAndTheOtherSaysWhy()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = await CloneAsync(temporary);

        Finished[] runs = await Task.WhenAll(Run.InAsync(clone, Repository.QuickStart), Run.InAsync(clone, Repository.QuickStart));

        Assert.Equal([0, 1], runs.Select(run => run.ExitCode).Order());
        Assert.Contains("Another run works in", runs.Single(run => run.ExitCode == 1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task QuickStart_Stopped_EndsAsCancelledAndTheNextRunWorks(string signal)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = await CloneAsync(temporary);
        using Process process = Run.Start(clone, Repository.QuickStart);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("publish ", StringComparison.Ordinal))
        {
        }

        (await Run.ProgramAsync("kill", signal, process.Id.ToString(CultureInfo.InvariantCulture))).Succeeded();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 130, output + await error);
        Assert.DoesNotContain("verified", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(clone, "artifacts", "quickstart", "manifests.yaml")));
        (await Run.InAsync(clone, Repository.QuickStart)).Succeeded();
    }

    private static async Task<string> CloneAsync(TemporaryDirectory temporary, string place = "clone")
    {
        string path = Path.Combine(temporary.Path, place);
        (await Run.ProgramAsync("git", "-c", "safe.directory=*", "clone", "--quiet", "--no-hardlinks", Repository.Root, path)).Succeeded();
        return path;
    }
}

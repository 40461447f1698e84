using System.Globalization;
using System.Net;
using System.Text.Json;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class CopyTests(HeldImage held) : IClassFixture<HeldImage>
{
    [Fact]
    public async Task Copy_Twice_MovesOnceAndTellsEachPiece()
    {
        string target = $"{held.Address}/copies/twice:1";
        Finished first = (await Run.CliAsync("copy", $"{held.Name}:1", target, "--progress", "plain")).Succeeded();
        Finished second = (await Run.CliAsync("copy", $"{held.Name}:1", target)).Succeeded();

        Assert.Equal(held.Image.Digest.ToString(), first.Output.TrimEnd());
        Assert.Equal(first.Output, second.Output);
        Assert.StartsWith("nothing to move; ", second.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', first.Error);
    }

    [Fact]
    public async Task Copy_Json_IsOneDocumentAndNothingElse()
    {
        Finished run = (await Run.CliAsync("copy", $"{held.Name}:1", $"oci:{Path.Combine(held.Directory, "json")}:1", "--json")).Succeeded();

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(["digest", "mediaType", "copied", "mounted", "present", "copiedBytes"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(3, json.RootElement.GetProperty("copied").GetInt32());
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Copy_Quiet_PrintsTheDigestOnly()
    {
        Finished run = (await Run.CliAsync("copy", $"{held.Name}:1", $"docker-archive:{Path.Combine(held.Directory, "quiet.tar")}", "-q")).Succeeded();

        Assert.Equal((held.Image.Digest.ToString(), ""), (run.Output.TrimEnd(), run.Error));
    }

    [Theory]
    [InlineData(1, "does not hold", "{name}:9", "oci:{directory}/x:1")]
    [InlineData(1, "Connection refused (127.0.0.1:1)", "{name}:1", "127.0.0.1:1/team/api:1")]
    [InlineData(1, "does not exist. Create it first", "{name}:1", "docker-archive:{directory}/no/x.tar")]
    [InlineData(2, "is not a platform", "{name}:all", "oci:{directory}/x:1", "--platform", "linux")]
    [InlineData(1, "is for linux/amd64 and not for linux/arm64", "{name}:1", "oci:{directory}/x:1", "--platform", "linux/arm64")]
    [InlineData(1, "the tag 'latest', which is meant as", "{name}", "oci:{directory}/x:1")]
    [InlineData(2, "the repository is missing", "{name}:1", "localhost:5000")]
    [InlineData(2, "says nothing", "{name}:1", "docker-archive:{directory}/x.tar", "--dry-run")]
    public async Task Copy_CannotBe_SaysWhy(int exitCode, string message, params string[] words)
    {
        Finished run = await Run.CliAsync(["copy", .. words.Select(word => word.Replace("{name}", held.Name, StringComparison.Ordinal).Replace("{directory}", held.Directory, StringComparison.Ordinal))]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_PlatformOfALoneImage_MustBeItsOwn()
    {
        string layout = $"oci:{Path.Combine(held.Directory, "platform")}";
        Finished image = (await Run.CliAsync("copy", $"{held.Name}:1", $"{layout}:1", "--platform", "linux/amd64")).Succeeded();
        Finished artifact = (await Run.CliAsync("copy", $"{held.Name}@{held.Bom.Digest}", $"{layout}:2", "--platform", "linux/arm64")).Succeeded();

        Assert.Equal((held.Image.Digest.ToString(), held.Bom.Digest.ToString()), (image.Output.TrimEnd(), artifact.Output.TrimEnd()));
    }

    [Fact]
    public async Task Copy_IntoAReadOnlyRegistry_SaysThatItRefuses()
    {
        using TemporaryDirectory data = TemporaryDirectory.Create();
        RegistryHostOptions options = new() { Directory = data.Path, Registry = new() { Mode = RegistryMode.ReadOnly } };
        await using RegistryHost readOnly = await RegistryHost.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);

        Finished run = await Run.CliAsync("copy", $"{held.Name}:1", $"{readOnly.Address}/team/api:1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("405 Method Not Allowed", run.Error, StringComparison.Ordinal);
    }

    // 'timeout' signals its child, and an instant later the group with the child in it.
    [Theory]
    [InlineData("kill -INT {0}", "ctrl-c")]
    [InlineData("kill -INT {0}; kill -TERM {0}", "twice")]
    public async Task Copy_StoppedDuringAnUpload_EndsWith130AndLeavesNoUpload(string signals, string name)
    {
        using KillingProxy proxy = new(IPEndPoint.Parse(held.Address));
        using System.Diagnostics.Process copy = Run.Start(Directory.GetCurrentDirectory(), Repository.Cli, "copy", $"{held.Name}:1", $"{proxy.Address}/{name}/api:1", "--json");
        TaskCompletionSource<int> killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.AtUpload = () =>
        {
            using System.Diagnostics.Process kill = Run.Start(Directory.GetCurrentDirectory(), "sh", "-c", string.Format(CultureInfo.InvariantCulture, signals, copy.Id));
            kill.WaitForExit();
            killed.SetResult(kill.ExitCode);

            // The connection stays as it is until the program lets go of it.
            copy.WaitForExit();
        };
        string output = await copy.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await copy.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await copy.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await killed.Task);
        Assert.True(copy.ExitCode == 130, error);
        Assert.Equal("error: stopped", error.TrimEnd());
        Assert.Equal("""{"error":{"kind":"cancelled","message":"stopped"}}""", output.TrimEnd());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(held.Directory, "data", "uploads")));
        Assert.Empty((await Run.CliAsync("tags", $"{held.Address}/{name}/api")).Output);
    }

    [Fact]
    public async Task Copy_CtrlCInATerminal_ClearsTheBarAndLeavesNoHalfFile()
    {
        string layout = Path.Combine(held.Directory, "slow");
        _ = held.Faults.Add(Fault.Slow(16, TimeSpan.FromMilliseconds(200)).On(RegistryRequestKind.Blob));
        using TerminalSession session = TerminalSession.Start(70, "", "copy", $"{held.Name}:1", $"oci:{layout}:1");
        await session.ReadUntilAsync(" % ");
        session.Type("\u0003");
        int exitCode = await session.EndAsync();
        held.Faults.Clear();

        Assert.Equal(130, exitCode);
        Assert.EndsWith("\r\u001b[Kerror: stopped", session.Seen.Split("\u001b[?1l")[0].TrimEnd(), StringComparison.Ordinal);
        Assert.All(session.Seen.Split('\r', '\n'), line => Assert.True(line.Split("\u001b[K")[0].Length < 70, line));
        string[] left = Directory.Exists(layout) ? Directory.GetFiles(layout, "*", SearchOption.AllDirectories) : [];
        Assert.DoesNotContain(left, path => Path.GetFileName(path) is not ("oci-layout" or "index.json" or ".lock") and not { Length: 64 });
        (await Run.CliAsync("copy", $"{held.Name}:1", $"oci:{layout}:1")).Succeeded();
    }

    [Fact]
    public async Task Copy_InATerminal_ShowsABarOfTheTerminalsWidthAndASummary()
    {
        using TerminalSession session = TerminalSession.Start(60, "NO_COLOR=1", "copy", $"{held.Name}:1", $"{held.Address}/terminal/api:1");

        Assert.Equal(0, await session.EndAsync());
        Assert.Matches("""(moved \d pieces?, .* in \d+\.\d s|nothing to move)""", session.Seen);
        Assert.DoesNotMatch("\u001b\\[[0-9;]*m", session.Seen);
    }
}

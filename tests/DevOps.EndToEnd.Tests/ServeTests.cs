using System.Diagnostics;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>The registry of the command line, and what is asked of it.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task Serve_PushedImage_SkopeoReadsItAndCtrlCStopsIt()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Directory.CreateDirectory(Path.Combine(temporary.Path, "tree")).FullName;
        await File.WriteAllTextAsync(Path.Combine(tree, "file"), "content", TestContext.Current.CancellationToken);
        string data = Path.Combine(temporary.Path, "data");
        using Process server = Run.Start(temporary.Path, Repository.Cli, "serve", "--listen", "127.0.0.1:0", "--data", data);
        string line = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        string address = line["listening on ".Length..];

        Finished built = (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--target", $"{address}/team/api:1", "--json")).Succeeded();
        Finished seen = (await Run.ProgramAsync(Peer.Skopeo, "inspect", "--tls-verify=false", $"docker://{address}/team/api:1")).Succeeded();
        string copy = Path.Combine(temporary.Path, "copy");
        (await Run.ProgramAsync(Peer.Skopeo, "copy", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{address}/team/api:1", $"docker://{address}/other/api:2")).Succeeded();
        (await Run.CliAsync("copy", $"{address}/other/api:2", $"oci:{copy}")).Succeeded();
        (await Run.ProgramAsync("kill", "-INT", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))).Succeeded();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, server.ExitCode);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(built.Output);
        Assert.Contains(json.RootElement.GetProperty("digest").GetString()!, seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_NamesIt()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        using Process first = Run.Start(temporary.Path, Repository.Cli, "serve", "--listen", "127.0.0.1:0", "--data", Path.Combine(temporary.Path, "one"));
        string address = (await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "")["listening on ".Length..];

        Finished second = await Run.CliAsync("serve", "--listen", address, "--data", Path.Combine(temporary.Path, "two"));

        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains(address, second.Error, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
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
        await using Served server = await Served.StartAsync("--data", Path.Combine(temporary.Path, "data"));
        string address = server.Address;

        Finished built = (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--target", $"{address}/team/api:1", "--json")).Succeeded();
        Finished seen = (await Run.ProgramAsync(Peer.Skopeo, "inspect", "--tls-verify=false", $"docker://{address}/team/api:1")).Succeeded();
        string copy = Path.Combine(temporary.Path, "copy");
        (await Run.ProgramAsync(Peer.Skopeo, "copy", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{address}/team/api:1", $"docker://{address}/other/api:2")).Succeeded();
        (await Run.CliAsync("copy", $"{address}/other/api:2", $"oci:{copy}")).Succeeded();

        Assert.Equal(0, await server.StopAsync("INT"));
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(built.Output);
        Assert.Contains(json.RootElement.GetProperty("digest").GetString()!, seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_NamesIt()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using Served first = await Served.StartAsync(Path.Combine(temporary.Path, "one"));
        string port = first.Address.Split(':')[1];

        Finished second = await Run.CliAsync("serve", "--port", port, Path.Combine(temporary.Path, "two"));

        Assert.Equal(1, second.ExitCode);
        Assert.Equal($"error: Something listens on localhost:{port} already. Choose another port with '--port N', or another address with '--listen'; '--port 0' takes any free port.", second.Error.TrimEnd());
    }

    [Fact]
    public async Task Serve_PushAndPull_AreALineEachAndTermStopsIt()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = temporary.MakeDirectory("tree");
        await File.WriteAllTextAsync(Path.Combine(tree, "file"), "content", TestContext.Current.CancellationToken);
        await using Served server = await Served.StartAsync(Path.Combine(temporary.Path, "data"), "--gc");
        string image = $"{server.Address}/team/api:1";
        Finished push = (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--target", image)).Succeeded();
        (await Run.CliAsync("inspect", image)).Succeeded();
        Finished delete = await Run.CliAsync("delete", image);

        Assert.Equal(0, await server.StopAsync("TERM"));
        string[] lines = [.. server.Lines];
        Assert.Contains(lines, line => line.StartsWith("push with:  devops copy SOURCE " + server.Address, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("  push blob        team/api  sha256:", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"  push manifest    team/api:1  {push.Output.TrimEnd()}  ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"  pull manifest    team/api  {push.Output.TrimEnd()}  ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("garbage: removed 0 blobs", StringComparison.Ordinal));
        Assert.Equal("stopped", lines[^1]);
        Assert.Equal(1, delete.ExitCode);
        Assert.Contains("405 Method Not Allowed", delete.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_Delete_LetsTagsGo()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = temporary.MakeDirectory("tree");
        await File.WriteAllTextAsync(Path.Combine(tree, "file"), "content", TestContext.Current.CancellationToken);
        await using Served server = await Served.StartAsync(Path.Combine(temporary.Path, "data"), "--delete", "-q");
        (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--target", $"{server.Address}/team/api:1")).Succeeded();
        (await Run.CliAsync("delete", $"{server.Address}/team/api:1")).Succeeded();

        Assert.Equal(0, await server.StopAsync("INT"));
        Assert.Empty(server.Lines);
    }

    [Fact]
    public async Task Serve_AnyPort_TellsANameThatWorks()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using Served server = await Served.StartAtAsync("localhost:0", Path.Combine(temporary.Path, "data"));

        Assert.StartsWith("localhost:", server.Address, StringComparison.Ordinal);
        Assert.Contains("NAME_UNKNOWN", (await Run.CliAsync("tags", $"{server.Address}/no/such")).Error, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync("INT"));
        Assert.Contains(server.Lines, line => line == $"push with:  devops copy SOURCE {server.Address}/NAME:TAG, or docker push {server.Address}/NAME:TAG");
    }

    [Fact]
    public async Task Serve_SignalLongAfterTheFirst_EndsAtOnceAndSaysSo()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using Served server = await Served.StartAsync(Path.Combine(temporary.Path, "data"));
        IPEndPoint address = IPEndPoint.Parse(server.Address);
        using TcpClient client = new();
        await client.ConnectAsync(address, TestContext.Current.CancellationToken);
        await using NetworkStream stream = client.GetStream();
        string request = $"POST /v2/team/api/blobs/uploads/?digest=sha256:{new string('0', 64)} HTTP/1.1\r\nHost: {address}\r\nExpect: 100-continue\r\nContent-Type: application/octet-stream\r\nContent-Length: 10\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);

        // The content never comes, so an end that waits for the request takes very long.
        Assert.Equal("HTTP/1.1 100", Encoding.ASCII.GetString(answer));
        Assert.Equal(130, await server.SignalToTheEndAsync("INT"));
        Assert.Contains(server.Lines, line => line.StartsWith("stopping: ", StringComparison.Ordinal));
        Assert.StartsWith("error: ended at once by a second signal, ", server.Lines.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "does not exist. Make it with 'htpasswd -B -c", "data", "--htpasswd", "no-file")]
    [InlineData(1, "is a file. Name a directory", "file")]
    [InlineData(2, "only with '--htpasswd'", "data", "--anonymous-pull")]
    [InlineData(2, "DIR is missing")]
    [InlineData(2, "is no port", "data", "--port", "70000")]
    public async Task Serve_BadInput_SaysWhat(int exitCode, string message, params string[] words)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await File.WriteAllTextAsync(Path.Combine(temporary.Path, "file"), "", TestContext.Current.CancellationToken);

        Finished run = await Run.InAsync(temporary.Path, Repository.Cli, [.. words.Contains("--port") ? ["serve"] : (string[])["serve", "--port=0"], .. words]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}

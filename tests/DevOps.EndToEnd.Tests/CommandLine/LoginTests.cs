using System.Text.Json;
using System.Text.Json.Nodes;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests.CommandLine;

/// <summary><c>login</c> and <c>logout</c> against <c>serve --htpasswd</c>, with ours and with skopeo.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const string Password = "correct horse";

    // htpasswd -nbB -C 5 bob 'correct horse'
    private const string Users = "bob:$2y$05$EW9801rUMT14XlZPJ6xu4.HL0x7UIey9ph9Bfj6y41uSjg3MKr72S\n";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private Served _server = null!;

    private string Config => Path.Combine(_directory.Path, "docker");

    public async ValueTask InitializeAsync()
    {
        string users = Path.Combine(_directory.Path, "users");
        await File.WriteAllTextAsync(users, Users, TestContext.Current.CancellationToken);
        _server = await Served.StartAsync(Path.Combine(_directory.Path, "data"), "--htpasswd", users, "--anonymous-pull");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Login_RightPassword_IsKeptUsedAndForgotten()
    {
        string layout = await LayoutAsync();
        string target = $"{_server.Address}/team/api:1";
        Finished before = await CliAsync("copy", layout, target);
        Finished login = (await LoginAsync(Password, _server.Address, "--json")).Succeeded();
        Finished push = (await CliAsync("copy", layout, target)).Succeeded();
        Finished logout = (await CliAsync("logout", _server.Address)).Succeeded();
        Finished after = await CliAsync("copy", layout, $"{_server.Address}/team/api:2");
        Finished anonymous = (await CliAsync("tags", $"{_server.Address}/team/api")).Succeeded();
        Finished again = (await CliAsync("logout", _server.Address, "--json")).Succeeded();

        Assert.Equal((1, 1), (before.ExitCode, after.ExitCode));
        Assert.Contains("401 Unauthorized", before.Error, StringComparison.Ordinal);
        Assert.EndsWith($" 'devops login {_server.Address}' stores credentials for it.", before.Error.TrimEnd(), StringComparison.Ordinal);
        string file = Path.Combine(Config, "config.json");
        Assert.Equal($$"""{"registry":"{{_server.Address}}","verdict":"Accepted","storedIn":"{{file}}","encrypted":false}""", login.Output.TrimEnd());
        Assert.Contains(file, logout.Output, StringComparison.Ordinal);
        Assert.Equal("1", anonymous.Output.TrimEnd());
        Assert.Equal($$"""{"registry":"{{_server.Address}}","erasedFrom":[]}""", again.Output.TrimEnd());
        Assert.All([before, login, push, logout, after], run => Assert.DoesNotContain(Password, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_InPlainText_SaysWhereAndWarns()
    {
        Finished run = (await LoginAsync(Password)).Succeeded();

        Assert.Contains($"warning: the password is not encrypted in {Path.Combine(Config, "config.json")}", run.Error, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Config, "config.json")));
    }

    [Theory]
    [InlineData(1, "wrong", "refuses this user name and password; nothing was stored")]
    [InlineData(2, "", "no password that can be used")]
    public async Task Login_WrongPassword_KeepsNothing(int exitCode, string password, string message)
    {
        Finished run = await LoginAsync(password, _server.Address, "--json");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.TryGetProperty("error", out _));
        Assert.False(File.Exists(Path.Combine(Config, "config.json")));
    }

    [Fact]
    public async Task Login_NoTerminalAndNoPassword_SaysHow()
    {
        Finished run = await CliAsync("login", _server.Address, "-u", "bob");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--password-stdin < FILE", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("login")]
    [InlineData("logout")]
    public async Task Login_RepositoryInPlaceOfARegistry_SaysWhatItTakes(string command)
    {
        Finished run = await CliAsync(command, "localhost:5098/team/api");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"error: 'localhost:5098/team/api' is more than a registry: {command} takes a host, with its port where it has one. Write 'devops {command} localhost:5098'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_RegistryThatAsksForNothing_KeepsThePasswordAndWarns()
    {
        await using Served open = await Served.StartAsync(Path.Combine(_directory.Path, "open"));

        Finished run = (await LoginAsync(Password, open.Address)).Succeeded();

        Assert.Contains($"warning: {open.Address} did not ask for credentials", run.Error, StringComparison.Ordinal);
        Assert.StartsWith($"no login was needed at {open.Address}; ", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Config, "config.json")));
    }

    [Fact]
    public async Task Copy_StoredPasswordIsRefused_SaysHowToReplaceIt()
    {
        Directory.CreateDirectory(Config);
        string wrong = Convert.ToBase64String("bob:wrong"u8);
        JsonObject config = new() { ["auths"] = new JsonObject { [_server.Address] = new JsonObject { ["auth"] = wrong } } };
        await File.WriteAllTextAsync(Path.Combine(Config, "config.json"), config.ToJsonString(), TestContext.Current.CancellationToken);

        Finished run = await CliAsync("tags", $"{_server.Address}/team/api");

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith($" 'devops login {_server.Address}' stores others in place of those that were found.", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_PeerDown_SaysSo()
    {
        Finished run = await Run.ProgramAsync("bash", "-c", $"echo x | DOCKER_CONFIG='{Config}' '{Repository.Cli}' login 127.0.0.1:1 -u bob --password-stdin");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Connection refused (127.0.0.1:1)", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Config, "config.json")));
    }

    [Fact]
    public async Task Login_InATerminal_AsksAndDoesNotShowThePassword()
    {
        using TerminalSession session = TerminalSession.Start(120, $"DOCKER_CONFIG='{Config}'", "login", _server.Address);
        await session.ReadUntilAsync("User name for");
        session.Type("bob\n");
        await session.ReadUntilAsync("Password for bob");
        session.Type($"{Password}\n");

        Assert.True(await session.EndAsync() == 0, session.Seen);
        Assert.Contains("logged in to", session.Seen, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Config, "config.json")));
    }

    [Fact]
    public async Task Login_CtrlCAtThePassword_EndsWith130AndKeepsNothing()
    {
        using TerminalSession session = TerminalSession.Start(120, $"DOCKER_CONFIG='{Config}'", "login", _server.Address, "-u", "bob");
        await session.ReadUntilAsync("Password for bob");
        session.Type("half\u0003");

        Assert.Equal(130, await session.EndAsync());
        Assert.DoesNotContain("half", session.Seen, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Config, "config.json")));
    }

    [Fact]
    public async Task Skopeo_LogsInWithItsOwnAndPullsWithoutAnyLogin()
    {
        string authentication = Path.Combine(_directory.Path, "auth.json");
        (await LoginAsync(Password)).Succeeded();
        (await CliAsync("copy", await LayoutAsync(), $"{_server.Address}/team/api:1")).Succeeded();

        (await Run.ProgramAsync("bash", "-c", $"echo '{Password}' | '{Peer.Skopeo}' login --tls-verify=false --authfile '{authentication}' -u bob --password-stdin {_server.Address}")).Succeeded();
        (await Run.ProgramAsync(Peer.Skopeo, "copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--authfile", authentication, $"docker://{_server.Address}/team/api:1", $"docker://{_server.Address}/team/api:2")).Succeeded();
        (await Run.ProgramAsync("env", $"DOCKER_CONFIG={_directory.Path}", Peer.Skopeo, "inspect", "--tls-verify=false", $"docker://{_server.Address}/team/api:2")).Succeeded();
    }

    [Fact]
    public async Task Docker_LogsInForOursAndPullsWithOursAndWithoutAny()
    {
        string none = _directory.MakeDirectory("none");
        string image = $"{_server.Address}/team/api:1";
        (await Run.ProgramAsync("bash", "-c", $"echo '{Password}' | docker --host '{Peer.DockerHost}' --config '{Config}' login -u bob --password-stdin {_server.Address}")).Succeeded();
        (await CliAsync("copy", await LayoutAsync(), image)).Succeeded();
        (await Run.DockerAsync("--config", Config, "logout", _server.Address)).Succeeded();
        (await LoginAsync(Password)).Succeeded();
        (await Run.DockerAsync("--config", Config, "pull", image)).Succeeded();
        (await Run.DockerAsync("--config", Config, "tag", image, $"{_server.Address}/team/api:2")).Succeeded();
        (await Run.DockerAsync("--config", Config, "push", $"{_server.Address}/team/api:2")).Succeeded();

        Finished refused = await Run.DockerAsync("--config", none, "push", $"{_server.Address}/team/api:2");
        (await Run.DockerAsync("--config", none, "rmi", image, $"{_server.Address}/team/api:2")).Succeeded();
        (await Run.DockerAsync("--config", none, "pull", $"{_server.Address}/team/api:2")).Succeeded();
        (await Run.DockerAsync("--config", none, "rmi", $"{_server.Address}/team/api:2")).Succeeded();
        Assert.NotEqual(0, refused.ExitCode);
    }

    private async Task<string> LayoutAsync()
    {
        string tree = _directory.MakeDirectory("tree");
        await File.WriteAllTextAsync(Path.Combine(tree, "file"), "content", TestContext.Current.CancellationToken);
        string layout = $"oci:{Path.Combine(_directory.Path, "layout")}:1";
        (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--target", layout)).Succeeded();
        return layout;
    }

    private Task<Finished> CliAsync(params string[] words) => Run.ProgramAsync("env", [$"DOCKER_CONFIG={Config}", Repository.Cli, .. words]);

    private Task<Finished> LoginAsync(string password) => LoginAsync(password, _server.Address);

    private Task<Finished> LoginAsync(string password, params string[] words) =>
        Run.ProgramAsync("bash", "-c", $"printf '%s\\n' '{password}' | DOCKER_CONFIG='{Config}' '{Repository.Cli}' login -u bob --password-stdin {string.Join(' ', words)}");
}

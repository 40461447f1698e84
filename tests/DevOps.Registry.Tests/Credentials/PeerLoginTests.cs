using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Credentials;

/// <summary>What docker and skopeo store, we read and erase; what we store, they erase. Each test is skipped where its program is missing.</summary>
[Collection(nameof(CredentialPlaces))]
public sealed class PeerLoginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"credsStore":"keep"}""")]
    public async Task DockerLogin_IsRead_AndOurEraseEndsIt(string config)
    {
        string docker = Find("docker");
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        places.Write(".docker/config.json", config);
        using LoginRegistry registry = new();
        await RunAsync(places, docker, "login", "--username", "user", "--password-stdin", registry.Address);
        CredentialSearch search = await places.SearchAsync(registry.Address);
        Assert.Equal(("user", CredentialPlaces.Secret), (search.Credential?.UserName, search.Credential?.Password));

        // The same credential, stored again by us, changes no byte of what docker wrote.
        string written = places.Read(".docker/config.json");
        CredentialFileWriter writer = new(places.DockerConfig, places.Helpers);
        await writer.StoreAsync(RegistryAddress.Parse(registry.Address), search.Credential!, Cancellation);
        Assert.Equal(written, places.Read(".docker/config.json"));

        Assert.NotEmpty(await writer.EraseAsync(RegistryAddress.Parse(registry.Address), Cancellation));
        Assert.Null((await places.SearchAsync(registry.Address)).Credential);
        Assert.DoesNotContain(registry.Address, places.Read(".docker/config.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "registry.example")]
    [InlineData("{}", "docker.io")]
    [InlineData("""{"credsStore":"keep"}""", "registry.example")]
    [InlineData("""{"credsStore":"keep"}""", "docker.io")]
    public async Task OurStore_IsEndedByDockerLogout(string config, string registry)
    {
        string docker = Find("docker");
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        places.Write(".docker/config.json", config);
        await new CredentialFileWriter(places.DockerConfig, places.Helpers).StoreAsync(RegistryAddress.Parse(registry), Credential.FromPassword("user", CredentialPlaces.Secret), Cancellation);
        Assert.NotNull((await places.SearchAsync(registry)).Credential);
        await RunAsync(places, docker, ["logout", .. registry == "docker.io" ? Array.Empty<string>() : [registry]]);
        Assert.Null((await places.SearchAsync(registry)).Credential);
    }

    [Fact]
    public async Task SkopeoLogin_IsRead_AndOursIsEndedBySkopeoLogout()
    {
        string skopeo = Environment.GetEnvironmentVariable("DEVOPS_TEST_SKOPEO") is { Length: > 0 } given ? given : Find("skopeo");
        using CredentialPlaces places = new();
        using LoginRegistry registry = new();
        places.Environment["REGISTRY_AUTH_FILE"] = places.PathOf("auth.json");
        await RunAsync(places, skopeo, "login", "--tls-verify=false", "--authfile", places.PathOf("auth.json"), "--username", "user", "--password-stdin", registry.Address);
        CredentialSearch search = await places.SearchAsync(registry.Address, "team/api");
        Assert.Equal(("user", CredentialPlaces.Secret), (search.Credential?.UserName, search.Credential?.Password));

        string written = places.Read("auth.json");
        CredentialFileWriter writer = new(places.Options.Files[0], places.Helpers);
        await writer.StoreAsync(RegistryAddress.Parse(registry.Address), search.Credential!, Cancellation);
        Assert.Equal(written, places.Read("auth.json"));
        await RunAsync(places, skopeo, "logout", "--authfile", places.PathOf("auth.json"), registry.Address);
        Assert.Null((await places.SearchAsync(registry.Address)).Credential);
    }

    private static string Find(string program)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed: eng/peers.sh --require installs it");
        return path!;
    }

    private static async Task RunAsync(CredentialPlaces places, string program, params string[] arguments)
    {
        ProcessStartInfo info = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment.Clear();
        foreach ((string name, string? value) in places.Environment)
        {
            info.Environment[name] = value;
        }

        using Process process = Process.Start(info)!;
        await process.StandardInput.WriteAsync(CredentialPlaces.Secret.AsMemory(), Cancellation);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, await error);
    }

    /// <summary>A registry on loopback that lets one user in.</summary>
    private sealed class LoginRegistry : IDisposable
    {
        private readonly HttpListener _listener;

        internal LoginRegistry()
        {
            (_listener, Address) = Listen();
            _ = ServeAsync();
        }

        internal string Address { get; }

        public void Dispose() => _listener.Close();

        // A listener of this kind cannot choose a port, and another program may take the one that was just free.
        private static (HttpListener Listener, string Address) Listen()
        {
            for (int attempts = 0; ; attempts++)
            {
                using TcpListener free = new(IPAddress.Loopback, 0);
                free.Start();
                string address = free.LocalEndpoint.ToString()!;
                free.Stop();
                HttpListener listener = new();
                listener.Prefixes.Add($"http://{address}/");
                try
                {
                    listener.Start();
                    return (listener, address);
                }
                catch (HttpListenerException) when (attempts < 10)
                {
                    listener.Close();
                }
            }
        }

        private async Task ServeAsync()
        {
            string right = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + CredentialPlaces.Secret));
            while (_listener.IsListening)
            {
                try
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    bool isRight = context.Request.Headers["Authorization"] == right;
                    context.Response.StatusCode = isRight ? 200 : 401;
                    if (!isRight)
                    {
                        context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"test\"");
                    }

                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    // The test is over, or a client left.
                }
            }
        }
    }
}

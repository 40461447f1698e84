using DevOps.Credentials;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Credentials;

/// <remarks>Source: the docker-credential-helpers project, "Development" and <c>credentials.Serve</c>.</remarks>
[Collection(nameof(CredentialPlaces))]
public sealed class CredentialHelperTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoreGetListErase_KeepingHelper_FollowTheProtocol()
    {
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        CredentialHelper helper = new("keep", places.Helpers);
        await helper.StoreAsync("registry.example", Credential.FromPassword("us<er>&+", CredentialPlaces.Secret), Cancellation);
        Assert.Equal($$"""{"ServerURL":"registry.example","Username":"us<er>&+","Secret":"{{CredentialPlaces.Secret}}"}""" + "\n", places.Read("kept/registry.example"));

        Credential? kept = await helper.GetAsync("registry.example", Cancellation);
        Assert.Equal(("us<er>&+", CredentialPlaces.Secret), (kept?.UserName, kept?.Password));
        Assert.True(await helper.EraseAsync("registry.example", Cancellation));
        Assert.False(await helper.EraseAsync("registry.example", Cancellation));
        Assert.Null(await helper.GetAsync("registry.example", Cancellation));
        Assert.Equal("registry.example\nregistry.example\nregistry.example\nregistry.example\n", places.Read("asked"));

        // One argument each time: no secret was among them.
        Assert.Equal("store 1\nget 1\nerase 1\nerase 1\nget 1\n", places.Read("calls"));
    }

    [Fact]
    public async Task StoreAsync_IdentityToken_HasTheUserOfTokens()
    {
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        CredentialHelper helper = new("keep", places.Helpers);
        await helper.StoreAsync("registry.example", Credential.FromIdentityToken(CredentialPlaces.Secret), Cancellation);
        Assert.Contains("""
            "Username":"<token>"
            """, places.Read("kept/registry.example"), StringComparison.Ordinal);
        Assert.Equal(CredentialPlaces.Secret, (await helper.GetAsync("registry.example", Cancellation))?.IdentityToken);
        await Assert.ThrowsAsync<ArgumentException>(() => helper.StoreAsync("registry.example", Credential.FromRegistryToken("t"), Cancellation));
    }

    [Theory]
    [InlineData("""echo '{"https://b.example":"two","a.example":"one","a.example":"three"}'""", "a.example=three https://b.example=two")]
    [InlineData("echo '{}'", "")]
    [InlineData("echo credentials not found in native keychain; exit 1", "")]
    [InlineData("echo '[]'", null)]
    [InlineData("echo '{\"a\":5}'", null)]
    [InlineData("echo null", null)]
    public async Task ListAsync_Output_IsAMapOfUsersOrAnError(string script, string? expected)
    {
        using CredentialPlaces places = new();
        places.AddHelper("list", script);
        CredentialHelper helper = new("list", places.Helpers);
        if (expected is null)
        {
            await Assert.ThrowsAsync<CredentialHelperException>(() => helper.ListAsync(Cancellation));
        }
        else
        {
            Assert.Equal(expected, string.Join(' ', (await helper.ListAsync(Cancellation)).Select(pair => $"{pair.Key}={pair.Value}")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("../pass")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("pass;id")]
    [InlineData("pass get")]
    [InlineData("pass\n")]
    [InlineData("pässe")]
    public void Constructor_NotAName_IsRefused(string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new CredentialHelper(name, CredentialHelperOptions.Default));
        Assert.Equal("name", error.ParamName);
    }

    [Theory]
    [InlineData("echo 's3cret-of-a-test'; exit 1")]
    [InlineData("echo 's3cret-of-a-test' >&2; exit 3")]
    [InlineData("echo 'no credentials server URL'; exit 1")]
    [InlineData("echo 'credentials not found in native keychain: s3cret-of-a-test'; exit 1")]
    [InlineData("kill -9 $$")]
    [InlineData("")]
    [InlineData("echo s3cret-of-a-test")]
    [InlineData("""echo '{"Username":"user","Secret":"s3cret-of-a-test"' """)]
    [InlineData("""echo '{"Username":"user","Password":"s3cret-of-a-test"}'""")]
    [InlineData("""echo '{"Username":"","Secret":"s3cret-of-a-test"}'""")]
    [InlineData("""echo '{"Username":"a:b","Secret":"s3cret-of-a-test"}'""")]
    [InlineData("""echo '{"Username":"user","Secret":""}'""")]
    [InlineData("""echo '{"Username":"user","Secret":5}'""")]
    [InlineData("""echo '["s3cret-of-a-test"]'""")]
    [InlineData("""printf '{"Username":"user","Secret":"\\ud800"}'""")]
    [InlineData("""printf '\000\377\376'""")]
    [InlineData("yes s3cret-of-a-test")]
    public async Task GetAsync_DamagedAnswer_IsAnErrorWithoutSecrets(string script)
    {
        using CredentialPlaces places = new();
        places.AddHelper("bad", script);
        places.Write(".docker/config.json", """{"credsStore":"bad"}""");
        CredentialHelperException error = await Assert.ThrowsAsync<CredentialHelperException>(() => new CredentialHelper("bad", places.Helpers).GetAsync("registry.example", Cancellation));
        Assert.Equal(("docker-credential-bad", "get"), (error.Program, error.Action));
        CredentialSearch search = await places.SearchAsync("registry.example");
        Assert.Equal(CredentialOutcome.Failed, search.Attempts.Single(attempt => attempt.Key is not null).Outcome);
        Assert.DoesNotContain(CredentialPlaces.Secret, error.ToString() + search, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_NothingAtAll_IsNone()
    {
        using CredentialPlaces places = new();
        places.AddHelper("empty", """echo '{"ServerURL":"","Username":"","Secret":""}'""");
        Assert.Null(await new CredentialHelper("empty", places.Helpers).GetAsync("registry.example", Cancellation));
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData("data", "not a script")]
    public async Task GetAsync_NoProgram_SaysSo(string name, string content)
    {
        using CredentialPlaces places = new();
        if (content.Length > 0)
        {
            places.Write($"bin/docker-credential-{name}", content);
        }

        CredentialHelperException error = await Assert.ThrowsAsync<CredentialHelperException>(() => new CredentialHelper(name, places.Helpers).GetAsync("registry.example", Cancellation));
        Assert.Contains($"docker-credential-{name} get", error.Message, StringComparison.Ordinal);
        Assert.Null(error.ExitCode);
    }

    [Fact]
    public async Task GetAsync_RelativeDirectoryOnThePath_IsNotSearched()
    {
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), places.PathOf("bin"));
        await Assert.ThrowsAsync<CredentialHelperException>(() => new CredentialHelper("keep", places.Helpers with { SearchPath = $":.:{relative}" }).GetAsync("registry.example", Cancellation));
    }

    [Fact]
    public async Task GetAsync_Environment_IsWhatWasGiven()
    {
        using CredentialPlaces places = new();
        places.AddHelper("env", """echo "{\"Username\":\"$GIVEN\",\"Secret\":\"x${DEVOPS_NOT_GIVEN-unset}$#\"}" """);
        CredentialHelperOptions options = places.Helpers with { Environment = places.Helpers.Environment.Add("GIVEN", "given") };
        Credential? found = await new CredentialHelper("env", options).GetAsync("registry.example", Cancellation);
        Assert.Equal(("given", "xunset1"), (found?.UserName, found?.Password));
    }

    [Fact]
    public async Task GetAsync_Hangs_IsKilledAtItsLimit()
    {
        using CredentialPlaces places = new();
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        CredentialHelper helper = new("hang", Hanging(places) with { TimeProvider = clock, TimeLimit = TimeSpan.FromSeconds(30) });
        Task<Credential?> getting = helper.GetAsync("registry.example", Cancellation);
        using StreamReader alive = await StartedAsync(places);
        clock.Advance(TimeSpan.FromSeconds(30));
        CredentialHelperException error = await Assert.ThrowsAsync<CredentialHelperException>(() => getting);
        Assert.Contains("30 seconds", error.Message, StringComparison.Ordinal);
        Assert.Null(await alive.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task GetAsync_Cancelled_KillsAllThatTheHelperStarted()
    {
        using CredentialPlaces places = new();
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<Credential?> getting = new CredentialHelper("hang", Hanging(places)).GetAsync("registry.example", cancel.Token);
        using StreamReader alive = await StartedAsync(places);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        Assert.Null(await alive.ReadLineAsync(Cancellation));
    }

    // The child holds the pipe open for longer than any test runs. It says through a named pipe when it is there, and by closing another that it is gone.
    private static CredentialHelperOptions Hanging(CredentialPlaces places)
    {
        places.AddHelper("hang", """
            mkfifo "$HOME/alive.making"
            mv "$HOME/alive.making" "$HOME/alive"
            sh -c 'exec 3> "$HOME/alive"; echo started >&3; sleep 1000; true'
            """);
        return places.Helpers;
    }

    private static async Task<StreamReader> StartedAsync(CredentialPlaces places)
    {
        while (!File.Exists(places.PathOf("alive")))
        {
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }

        StreamReader alive = new(places.PathOf("alive"));
        Assert.Equal("started", await alive.ReadLineAsync(Cancellation));
        return alive;
    }
}

using DevOps.Credentials;

namespace DevOps.Registry.Tests.Credentials;

[Collection(nameof(CredentialPlaces))]
public sealed class CredentialFilesTests
{
    [Theory] // Expected: docker/cli's credentials.ConvertToHostname, and the keys that its login has written over the years.
    [InlineData("registry.example", "registry.example")]
    [InlineData("registry.example", "https://registry.example")]
    [InlineData("registry.example", "http://registry.example/v1/")]
    [InlineData("registry.example", "registry.example/v2/")]
    [InlineData("registry.example", "Registry.Example")]
    [InlineData("registry.example:5000", "https://registry.example:5000/v2/")]
    [InlineData("docker.io", "https://index.docker.io/v1/")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("docker.io", "index.docker.io")]
    [InlineData("docker.io", "registry-1.docker.io")]
    [InlineData("docker.io", "https://registry-1.docker.io/v2/")]
    [InlineData("registry-1.docker.io", "https://index.docker.io/v1/")]
    public async Task SearchAsync_DockerKey_IsFound(string registry, string key)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", CredentialPlaces.Config(("other.example", "other"), (key, "user")));
        CredentialSearch search = await places.SearchAsync(registry, "team/api");
        Assert.Equal(("user", CredentialPlaces.Secret), (search.Credential?.UserName, search.Credential?.Password));
        Assert.Equal((places.DockerConfig.Path, key, CredentialOutcome.Found), (search.Attempts[^1].Place, search.Attempts[^1].Key, search.Attempts[^1].Outcome));
        Assert.DoesNotContain(CredentialPlaces.Secret, search.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.example.evil.example")]
    [InlineData("evil.example/registry.example")]
    [InlineData("https://evil.example/registry.example")]
    [InlineData("https://registry.example@evil.example/")]
    [InlineData("https://user:pw@registry.example/")]
    [InlineData("registry.example:5000")]
    [InlineData("sub.registry.example")]
    [InlineData("ftp://registry.example")]
    public async Task SearchAsync_KeyOfAnother_IsNotFound(string key)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", CredentialPlaces.Config((key, "user")));
        Assert.Null((await places.SearchAsync("registry.example", "team/api")).Credential);
    }

    [Theory] // Expected: containers-auth.json(5), which has this example of keys.
    [InlineData("registry.example", "namespace/user/image", "image")]
    [InlineData("registry.example", "namespace/user/images", "user")]
    [InlineData("registry.example", "namespace/username", "namespace")]
    [InlineData("registry.example", "namespaces", "host")]
    [InlineData("registry.example", null, "host")]
    [InlineData("docker.io", "library/nginx", "library")]
    [InlineData("docker.io", "team/api", null)]
    public async Task SearchAsync_NamespacedKeys_TakesTheLongest(string registry, string? repository, string? expected)
    {
        using CredentialPlaces places = new();
        string[] keys = ["registry.example", "registry.example/namespace", "registry.example/namespace/user", "registry.example/namespace/user/image", "docker.io/library"];
        string[] users = ["host", "namespace", "user", "image", "library"];
        places.Write(".config/containers/auth.json", CredentialPlaces.Config([.. keys.Zip(users)]));
        Assert.Equal(expected, (await places.SearchAsync(registry, repository)).Credential?.UserName);
    }

    [Fact]
    public async Task SearchAsync_AllPlaces_AreAskedInOrder()
    {
        using CredentialPlaces places = new();
        places.Environment["XDG_RUNTIME_DIR"] = places.PathOf("run");
        string[] files = ["run/containers/auth.json", ".config/containers/auth.json", ".docker/config.json", ".dockercfg"];
        foreach (string file in files)
        {
            string config = CredentialPlaces.Config(("registry.example", file));
            places.Write(file, file == ".dockercfg" ? config["{\"auths\":".Length..^1] : config);
        }

        places.Environment["DOCKER_AUTH_CONFIG"] = CredentialPlaces.Config(("registry.example", "inline"));
        Assert.Equal("inline", (await places.SearchAsync("registry.example")).Credential?.UserName);
        Assert.DoesNotContain("auths", places.Options.ToString(), StringComparison.Ordinal);

        places.Environment["DOCKER_AUTH_CONFIG"] = "";
        foreach (string file in files)
        {
            Assert.Equal(file, (await places.SearchAsync("registry.example")).Credential?.UserName);
            File.Delete(places.PathOf(file));
        }

        CredentialSearch none = await places.SearchAsync("registry.example");
        Assert.Null(none.Credential);
        Assert.Equal(files.Select(places.PathOf), none.Attempts.Select(attempt => attempt.Place));
        Assert.All(none.Attempts, attempt => Assert.Equal((CredentialOutcome.NotFound, "does not exist"), (attempt.Outcome, attempt.Detail)));
    }

    [Fact]
    public void FromEnvironment_Variables_MoveTheFiles()
    {
        Dictionary<string, string?> environment = new() { ["DOCKER_CONFIG"] = "/docker", ["XDG_CONFIG_HOME"] = "/config" };
        Assert.Equal(["/config/containers/auth.json", "/docker/config.json", "/home/user/.dockercfg"], CredentialFilesOptions.FromEnvironment(environment, "/home/user").Files.Select(file => file.Path));
        environment["REGISTRY_AUTH_FILE"] = "/only.json";
        Assert.Equal([new CredentialFile("/only.json", CredentialFileFormat.ContainersAuth)], CredentialFilesOptions.FromEnvironment(environment, "/home/user").Files);
        Assert.Equal([new CredentialFile("/docker/config.json", CredentialFileFormat.DockerConfig)], CredentialFilesOptions.FromDockerEnvironment(environment, "/home/user").Files);
    }

    [Theory] // Expected: docker/cli's decodeAuth, and the members of its AuthConfig.
    [InlineData("""{"auth":"dXNlcjpwYTpzcw=="}""", "user", "pa:ss", null, null)] // printf 'user:pa:ss' | base64
    [InlineData("""{"auth":"dXNlcjpwYXNzAAA="}""", "user", "pass", null, null)] // printf 'user:pass\0\0' | base64
    [InlineData("""{"auth":"dXNlcjpww6TDnw=="}""", "user", "päß", null, null)] // printf 'user:päß' | base64
    [InlineData("""{"auth":"dXNlcjpwYXNz\n"}""", "user", "pass", null, null)]
    [InlineData("""{"auth":"dXNlcjo="}""", "user", "", null, null)]
    [InlineData("""{"username":"user","password":"pass"}""", "user", "pass", null, null)]
    [InlineData("""{"auth":"dXNlcjpwYXNz","username":"other","password":"other"}""", "user", "pass", null, null)]
    [InlineData("""{"auth":"dXNlcjo=","identitytoken":"id"}""", null, null, "id", null)]
    [InlineData("""{"identitytoken":"id","registrytoken":"reg"}""", null, null, null, "reg")]
    public async Task SearchAsync_Entry_IsReadAsDockerDoes(string entry, string? user, string? password, string? identity, string? registryToken)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", "{\"auths\":{\"registry.example\":" + entry + "}}");
        Credential? found = (await places.SearchAsync("registry.example")).Credential;
        Assert.NotNull(found);
        Assert.Equal((user, password, identity, registryToken), (found.UserName, found.Password, found.IdentityToken, found.RegistryToken));
    }

    [Fact]
    public async Task SearchAsync_Helpers_ComeBeforeTheStoreAndTheEntries()
    {
        using CredentialPlaces places = new();
        places.AddHelper("own", """echo '{"ServerURL":"x","Username":"own","Secret":"s3cret-of-a-test"}'""");
        places.AddHelper("store", """[ "$(cat)" = stored.example ] || { echo credentials not found in native keychain; exit 1; }; echo '{"Username":"<token>","Secret":"s3cret-of-a-test"}'""");
        string entries = CredentialPlaces.Config([.. ((string[])["own", "stored", "plain", "left"]).Select(name => (name + ".example", "entry"))]);
        places.Write(".docker/config.json", entries[..^1] + """
            ,"credsStore":"store","credHelpers":{"own.example":"own","plain.example":""}}
            """);
        Assert.Equal("own", (await places.SearchAsync("own.example")).Credential?.UserName);
        Assert.Equal(CredentialPlaces.Secret, (await places.SearchAsync("stored.example")).Credential?.IdentityToken);
        CredentialSearch left = await places.SearchAsync("left.example");
        Assert.Equal("entry", left.Credential?.UserName);
        Assert.Equal([$"docker-credential-store, named in {places.DockerConfig.Path}", places.DockerConfig.Path], left.Attempts.Skip(1).Select(attempt => attempt.Place));

        // An empty name means that this registry has no helper: the store is not asked.
        CredentialSearch plain = await places.SearchAsync("plain.example");
        Assert.Equal(("entry", places.DockerConfig.Path), (plain.Credential?.UserName, plain.Attempts[1].Place));
    }

    [Theory]
    [InlineData(".docker/config.json", "https://index.docker.io/v1/", "docker.io")]
    [InlineData(".config/containers/auth.json", "docker.io", "https://index.docker.io/v1/")]
    public async Task SearchAsync_DockerHubHelper_IsAskedByTheNameThatTheFilesOwnProgramStores(string file, string first, string second)
    {
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        places.Write(file, """{"credHelpers":{"docker.io":"keep"}}""");
        Assert.Null((await places.SearchAsync("docker.io", "library/nginx")).Credential);
        Assert.Equal($"{first}\n{second}\n", places.Read("asked"));
        Assert.Equal("get 1\nget 1\n", places.Read("calls"));
    }

    [Fact]
    public async Task SearchAsync_StoreInPodmansFile_IsNotAsked()
    {
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        places.Write(".config/containers/auth.json", """{"credsStore":"keep"}""");
        Assert.Null((await places.SearchAsync("registry.example")).Credential);
        Assert.False(File.Exists(places.PathOf("calls")));
    }
}

using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Credentials;

[Collection(nameof(CredentialPlaces))]
public sealed class CredentialFileWriterTests
{
    private static readonly RegistryAddress Registry = RegistryAddress.Parse("registry.example");
    private static readonly Credential User = Credential.FromPassword("user", "p+a/s:s");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoreAsync_NoFile_WritesWhatDockerWould()
    {
        using CredentialPlaces places = new();
        CredentialFileWriter writer = new(places.DockerConfig, places.Helpers);
        Assert.Equal(places.DockerConfig.Path, await writer.StoreAsync(Registry, User, Cancellation));
        // printf 'user:p+a/s:s' | base64
        Assert.Equal("{\n\t\"auths\": {\n\t\t\"registry.example\": {\n\t\t\t\"auth\": \"dXNlcjpwK2Evczpz\"\n\t\t}\n\t}\n}", places.Read(".docker/config.json"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(places.DockerConfig.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(places.PathOf(".docker")));
    }

    [Theory]
    [InlineData("docker.io", ".docker/config.json", "https://index.docker.io/v1/")]
    [InlineData("docker.io", ".config/containers/auth.json", "docker.io")]
    [InlineData("registry.example:5000", ".docker/config.json", "registry.example:5000")]
    public async Task StoreAsync_Key_IsTheOneOfTheFilesOwnProgram(string registry, string file, string key)
    {
        using CredentialPlaces places = new();
        CredentialFile target = file == ".docker/config.json" ? places.DockerConfig : places.ContainersAuth;
        await new CredentialFileWriter(target, places.Helpers).StoreAsync(RegistryAddress.Parse(registry), Credential.FromIdentityToken("id"), Cancellation);
        Assert.Contains($"\"{key}\": {{\n\t\t\t\"identitytoken\": \"id\"", places.Read(file), StringComparison.Ordinal);
        Assert.Equal("id", (await places.SearchAsync(registry)).Credential?.IdentityToken);
    }

    [Fact]
    public async Task StoreAndErase_KnownFile_KeepEverythingElseAsItIs()
    {
        using CredentialPlaces places = new();
        string before = """
            {
              "HttpHeaders": {
                "User-Agent": "Docker-Client/19 <+>"
              },
              "auths": {
                "other.example": {
                  "auth": "b3RoZXI6cGFzcw==",
                  "email": "a@b"
                },
                "registry.example/team": {
                  "auth": "dGVhbTpwYXNz"
                }
              },
              "number": 1.50e3,
              "detachKeys": "ctrl-ä",
              "list": [
                null,
                true
              ]
            }

            """.ReplaceLineEndings("\n");
        places.Write(".docker/config.json", before);
        CredentialFileWriter writer = new(places.DockerConfig, places.Helpers);
        await writer.StoreAsync(Registry, User, Cancellation);
        string after = places.Read(".docker/config.json");
        Assert.Equal(before.Replace("\"dGVhbTpwYXNz\"\n    }\n", $"\"dGVhbTpwYXNz\"\n    }},\n    \"registry.example\": {{\n      \"auth\": \"{CredentialPlaces.Auth("user", "p+a/s:s")}\"\n    }}\n", StringComparison.Ordinal), after);
        Assert.Equal([places.DockerConfig.Path], await writer.EraseAsync(Registry, Cancellation));
        Assert.Equal(before, places.Read(".docker/config.json"));
        Assert.Empty(await writer.EraseAsync(Registry, Cancellation));
    }

    [Fact]
    public async Task StoreAsync_KnownEntry_ReplacesItsSecretsOnly()
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", """{"auths":{"registry.example":{"auth":"b2xkOm9sZA==","identitytoken":"old","email":"a@b"}}}""");
        await new CredentialFileWriter(places.DockerConfig, places.Helpers).StoreAsync(Registry, Credential.FromRegistryToken("new"), Cancellation);
        Assert.Equal("""{"auths":{"registry.example":{"email":"a@b","registrytoken":"new"}}}""", places.Read(".docker/config.json"));
    }

    [Fact]
    public async Task EraseAsync_AllNamesOfARegistry_Go()
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", CredentialPlaces.Config(("https://index.docker.io/v1/", "a"), ("docker.io", "b"), ("docker.io/team", "c"), ("http://registry-1.docker.io", "d"), ("docker.io.example", "e")));
        await new CredentialFileWriter(places.DockerConfig, places.Helpers).EraseAsync(RegistryAddress.DockerHub, Cancellation);
        Assert.Equal(CredentialPlaces.Config(("docker.io/team", "c"), ("docker.io.example", "e")), places.Read(".docker/config.json"));
    }

    [Theory]
    [InlineData("""{"credsStore":"keep"}""", true)]
    [InlineData("""{"credHelpers":{"registry.example":"keep"}}""", true)]
    [InlineData("""{"credHelpers":{"other.example":"keep"}}""", false)]
    [InlineData("""{"credsStore":"keep","credHelpers":{"registry.example":""}}""", false)]
    public async Task StoreAndErase_Helper_KeepsTheSecret(string config, bool inHelper)
    {
        using CredentialPlaces places = new();
        places.AddKeepingHelper("keep");
        places.Write(".docker/config.json", config);
        CredentialFileWriter writer = new(places.DockerConfig, places.Helpers);
        Credential credential = Credential.FromPassword("user", CredentialPlaces.Secret);
        string place = inHelper ? "docker-credential-keep" : places.DockerConfig.Path;
        Assert.Equal(place, await writer.StoreAsync(Registry, credential, Cancellation));
        Assert.Equal(!inHelper, places.Read(".docker/config.json").Contains(CredentialPlaces.Auth("user"), StringComparison.Ordinal));
        Assert.Equal(inHelper, places.Read(".docker/config.json").Contains("\"registry.example\":{}", StringComparison.Ordinal));
        Assert.Equal(CredentialPlaces.Secret, (await places.SearchAsync("registry.example")).Credential?.Password);
        Assert.Equal(inHelper ? [places.DockerConfig.Path, place] : [place], (IEnumerable<string>)await writer.EraseAsync(Registry, Cancellation));
        Assert.Null((await places.SearchAsync("registry.example")).Credential);
    }

    [Fact]
    public async Task StoreAsync_HelperMissing_ThrowsAndWritesNothing()
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", """{"credsStore":"not-there"}""");
        await Assert.ThrowsAsync<CredentialHelperException>(() => new CredentialFileWriter(places.DockerConfig, places.Helpers).StoreAsync(Registry, User, Cancellation));
        Assert.Equal("""{"credsStore":"not-there"}""", places.Read(".docker/config.json"));
    }

    [Theory]
    [InlineData("{\"auths\":{\"x\":s3cret-of-a-test}}")]
    [InlineData("""["s3cret-of-a-test"]""")]
    [InlineData("""{"auths":"s3cret-of-a-test"}""")]
    [InlineData("""{"auths":{"registry.example":"s3cret-of-a-test"}}""")]
    [InlineData("""{"auths":{},"auths":{}}""")]
    [InlineData("""{"auths":{"a":{"x":1,"x":2}}}""")]
    [InlineData("""{"credsStore":"../x"}""")]
    public async Task StoreAsync_DamagedFile_IsLeftAsItIs(string content)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", content);
        CredentialFileException error = await Assert.ThrowsAsync<CredentialFileException>(() => new CredentialFileWriter(places.DockerConfig, places.Helpers).StoreAsync(Registry, User, Cancellation));
        Assert.Equal(places.DockerConfig.Path, error.Path);
        Assert.Equal(content, places.Read(".docker/config.json"));
        Assert.DoesNotContain(CredentialPlaces.Secret, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(places.PathOf(".docker")), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StoreAsync_Link_IsFollowed(bool exists)
    {
        using CredentialPlaces places = new();
        if (exists)
        {
            File.SetUnixFileMode(places.Write("dotfiles/docker.json", "{}"), (UnixFileMode)0b110_100_100);
        }

        places.Link(".docker/config.json", "../link.json");
        places.Link("link.json", "dotfiles/docker.json");
        await new CredentialFileWriter(places.DockerConfig, places.Helpers).StoreAsync(Registry, User, Cancellation);
        Assert.Equal("../link.json", new FileInfo(places.DockerConfig.Path).LinkTarget);
        Assert.Contains("registry.example", places.Read("dotfiles/docker.json"), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(places.PathOf("dotfiles/docker.json")));
    }

    [Fact]
    public async Task StoreAsync_ManyWritersAtOnce_LoseNothing()
    {
        using CredentialPlaces places = new();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            new CredentialFileWriter(places.DockerConfig, places.Helpers).StoreAsync(RegistryAddress.Parse($"r{i}.example"), User, Cancellation))));
        for (int i = 0; i < 40; i++)
        {
            Assert.NotNull((await places.SearchAsync($"r{i}.example")).Credential);
        }
    }

    [Fact]
    public void Constructor_LegacyFile_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new CredentialFileWriter(new("/x", CredentialFileFormat.LegacyDocker), CredentialHelperOptions.Default));
}

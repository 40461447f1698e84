using System.Text;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Credentials;

[Collection(nameof(CredentialPlaces))]
public sealed class CredentialFilesDamageTests
{
    private static readonly string Valid = """
        {"auths":{"registry.example":{"auth":"dXNlcjpzM2NyZXQtb2YtYS10ZXN0","email":"x@y"},"https://index.docker.io/v1/":{"identitytoken":"s3cret-of-a-test"}},
        "credHelpers":{"registry.example":"none"},"credsStore":"none","HttpHeaders":{"X":"y"}}
        """;

    [Theory]
    [InlineData("s3cret-of-a-test", "is not JSON (line 1, byte 1)")]
    [InlineData("{\n\"auths\": s3cret-of-a-test}", "is not JSON (line 2, byte 10)")]
    [InlineData("""{"auths":{"registry.example":{"auth":"s3cret-of-a-test""", "is not JSON")]
    [InlineData("[\"s3cret-of-a-test\"]", "no object")]
    [InlineData("null", "no object")]
    [InlineData("""{"auths":{"registry.example":"s3cret-of-a-test"}}""", "the entry is no object")]
    [InlineData("""{"auths":{"registry.example":{"auth":"s3cret-of-a-test!"}}}""", "'auth' is not base64")]
    [InlineData("""{"auths":{"registry.example":{"auth":"//79"}}}""", "'auth' is not UTF-8")]
    [InlineData("""{"auths":{"registry.example":{"auth":"czNjcmV0LW9mLWEtdGVzdA=="}}}""", "no colon")] // printf 's3cret-of-a-test' | base64
    [InlineData("""{"auths":{"registry.example":{"auth":"OnMzY3JldC1vZi1hLXRlc3Q="}}}""", "no user's name")] // printf ':s3cret-of-a-test' | base64
    [InlineData("""{"auths":{"registry.example":{"username":"a:b","password":"s3cret-of-a-test"}}}""", "has a colon")]
    [InlineData("""{"auths":{"registry.example":{"registrytoken":"s3cret-of-a-test\r\nX: y"}}}""", "no header can carry")]
    [InlineData("""{"credsStore":"../../s3cret-of-a-test"}""", "no name of a program")]
    [InlineData("""{"credHelpers":{"registry.example":"a/b"}}""", "no name of a program")]
    [InlineData("""{"credsStore":"not-there"}""", "no directory of the search path holds it")]
    public async Task SearchAsync_Damaged_SaysWhatIsWrongWithoutSecrets(string content, string reason)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", content);
        CredentialSearch search = await places.SearchAsync("registry.example");
        Assert.Null(search.Credential);
        CredentialAttempt failed = Assert.Single(search.Attempts, attempt => attempt.Outcome == CredentialOutcome.Failed);
        Assert.Contains(reason, failed.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(CredentialPlaces.Secret, search.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{}")]
    [InlineData("""{"auths":null,"credHelpers":[],"credsStore":5}""")]
    [InlineData("""{"auths":{"registry.example":{}}}""")]
    [InlineData("""{"auths":{"registry.example":{"auth":""}}}""")]
    [InlineData("""{"auths":{"\ud800":{"auth":"dTpw"}}}""")]
    [InlineData("""{"auths":{"registry.example":{"auth":"\ud800"}}}""")]
    public async Task SearchAsync_NothingInIt_IsNone(string content)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", content);
        CredentialSearch search = await places.SearchAsync("registry.example");
        Assert.Null(search.Credential);
        Assert.All(search.Attempts, attempt => Assert.Equal(CredentialOutcome.NotFound, attempt.Outcome));
    }

    [Fact]
    public async Task SearchAsync_DamagedFile_IsPassedOver()
    {
        using CredentialPlaces places = new();
        places.Write(".config/containers/auth.json", "{");
        places.Write(".docker/config.json", "\uFEFF" + CredentialPlaces.Config(("registry.example", "user")));
        CredentialSearch search = await places.SearchAsync("registry.example");
        Assert.Equal("user", search.Credential?.UserName);
        Assert.Equal([CredentialOutcome.Failed, CredentialOutcome.Found], search.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task SearchAsync_HugeFile_IsNotReadToItsEnd()
    {
        using CredentialPlaces places = new();
        using (FileStream sparse = File.Create(places.Write(".docker/config.json", "")))
        {
            sparse.SetLength(1L << 40);
        }

        Assert.Contains("is longer than", (await places.SearchAsync("registry.example")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchAsync_Directory_CannotBeRead()
    {
        using CredentialPlaces places = new();
        Directory.CreateDirectory(places.DockerConfig.Path);
        Assert.Contains(await Attempts(places), attempt => attempt.Outcome == CredentialOutcome.Failed && attempt.Detail.StartsWith("cannot be read", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"\ud800":1,"auths":{"registry.example":{"auth":"AUTH"}}}""")]
    [InlineData("""{"auths":{"\ud800":{},"registry.example":{"auth":"AUTH"}}}""")]
    [InlineData("""{"auths":{"registry.example":{"\ud800":1,"auth":"AUTH"}}}""")]
    [InlineData("""{"credHelpers":{"\ud800":"x"},"credsStore":"\ud800","auths":{"registry.example":{"auth":"AUTH","identitytoken":"\ud800"}}}""")]
    public async Task SearchAsync_HalfOfACharacterElsewhere_IsPassedOver(string config)
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", config.Replace("AUTH", CredentialPlaces.Auth("user"), StringComparison.Ordinal));
        Assert.Equal("user", (await places.SearchAsync("registry.example")).Credential?.UserName);
    }

    [Fact]
    public async Task SearchAsync_RandomDamage_NeverThrowsAndNeverTells()
    {
        using CredentialPlaces places = new();
        foreach (byte[] damaged in Damage.Of(Encoding.UTF8.GetBytes(Valid), 1, 3000).Concat(Damage.Noise(2, 300)))
        {
            // No helper can be found, so that nothing is started.
            CredentialFilesOptions options = new() { InlineConfig = Encoding.UTF8.GetString(damaged) };
            CredentialSearch search = await new CredentialFiles(options).SearchAsync(RegistryAddress.Parse("registry.example"), RepositoryName.Parse("team/api"), TestContext.Current.CancellationToken);
            Assert.NotEmpty(search.Attempts);
            Assert.DoesNotContain(CredentialPlaces.Secret, search.ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<IReadOnlyList<CredentialAttempt>> Attempts(CredentialPlaces places) => (await places.SearchAsync("registry.example")).Attempts;
}

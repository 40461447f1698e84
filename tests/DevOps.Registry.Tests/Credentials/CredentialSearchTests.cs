using System.Net;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Credentials;

/// <summary>What a client does with a search: how often it asks for one, and what it tells of it.</summary>
public sealed class CredentialSearchTests
{
    [Fact]
    public async Task Refusal_NothingFound_NamesThePlaces()
    {
        using CredentialPlaces places = new();
        places.Write(".docker/config.json", "{s3cret");
        using RegistryFixture fixture = new(_ => RegistryFixture.Challenge("""Basic realm="x" """), options => options with { Credentials = new CredentialFiles(places.Options) });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal([places.ContainersAuth.Path, places.DockerConfig.Path, places.PathOf(".dockercfg")], error.CredentialSearch?.Attempts.Select(attempt => attempt.Place));
        Assert.Contains($"Credentials were looked for here: {places.ContainersAuth.Path}: does not exist; {places.DockerConfig.Path}: is not JSON (line 1, byte 2);", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, true)]
    [InlineData(HttpStatusCode.Forbidden, true)]
    [InlineData(HttpStatusCode.BadRequest, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    public async Task Refusal_CredentialFound_NamesItsPlaceWhereThatExplains(HttpStatusCode status, bool explains)
    {
        foreach (string challenge in (string[])["Basic realm=\"x\"", "Bearer realm=\"https://auth.example/token\""])
        {
            using RegistryFixture fixture = new(
                request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}""")
                    : request.Authorization is null ? RegistryFixture.Challenge(challenge) : ScriptedHandler.Answer(status),
                RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password)));
            RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () =>
                await fixture.Repository.OpenReadAsync(RegistryFixture.Blob, TestContext.Current.CancellationToken));
            Assert.Equal(explains, error.CredentialSearch is not null);
            Assert.Equal(explains, error.Message.Contains("FixedCredentials (key 'registry.example'): found a user name and password", StringComparison.Ordinal));
            fixture.AssertNoSecrets(error);
        }
    }

    [Fact]
    public async Task Refusal_ByTheTokenService_NamesThePlaces()
    {
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.Unauthorized) : RegistryFixture.Challenge("""Bearer realm="https://auth.example/token" """),
            RegistryFixture.With(Credential.FromPassword("user", RegistryFixture.Password)));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(CredentialOutcome.Found, Assert.Single(error.CredentialSearch!.Attempts).Outcome);
        fixture.AssertNoSecrets(error);
    }

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Bearer realm=\"https://auth.example/token\"")]
    public async Task Search_ManyRequests_IsMadeOnceUntilACredentialIsRefused(string challenge)
    {
        CountingSource source = new();
        bool refuses = false;
        using RegistryFixture fixture = new(
            request => request.Address.Host == "auth.example" ? ScriptedHandler.Answer(HttpStatusCode.OK, """{"token":"secret-token-1"}""")
                : request.Authorization is null || refuses ? RegistryFixture.Challenge(challenge) : RegistryFixture.Found(),
            options => options with { Credentials = source });
        for (int i = 0; i < 3; i++)
        {
            await fixture.ResolveAsync();
        }

        Assert.Equal(["registry.example/team/api"], source.Asked);
        refuses = true;
        await Assert.ThrowsAsync<RegistryException>(async () => await fixture.ResolveAsync());
        Assert.Equal(2, source.Asked.Count);
    }

    private sealed class CountingSource : IExplainedCredentialSource
    {
        internal List<string> Asked { get; } = [];

        public async ValueTask<Credential?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default) => (await SearchAsync(registry, null, cancellationToken)).Credential;

        public ValueTask<CredentialSearch> SearchAsync(RegistryAddress registry, RepositoryName? repository, CancellationToken cancellationToken = default)
        {
            Asked.Add($"{registry}/{repository}");
            return ValueTask.FromResult(new CredentialSearch(Credential.FromPassword("user", RegistryFixture.Password), []));
        }
    }
}

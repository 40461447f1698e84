using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Credentials;

public sealed class FirstCredentialsTests
{
    private static readonly RegistryAddress Registry = RegistryAddress.Parse("registry.example");

    [Fact]
    public async Task SearchAsync_SeveralSources_StopsAtTheFirstThatHasOne()
    {
        FixedCredentials one = new FixedCredentials().Add(Registry, Credential.FromPassword("one", CredentialPlaces.Secret));
        FixedCredentials two = new FixedCredentials().Add(Registry, Credential.FromPassword("two", CredentialPlaces.Secret));
        FirstCredentials first = new(new FixedCredentials(), new FirstCredentials(one, two), two);
        CredentialSearch search = await first.SearchAsync(Registry, null, TestContext.Current.CancellationToken);
        Assert.Equal("one", search.Credential?.UserName);
        Assert.Equal("FixedCredentials (key 'registry.example'): none there; FixedCredentials (key 'registry.example'): found a user name and password", search.ToString());
        Assert.Equal("one", (await first.FindAsync(Registry, TestContext.Current.CancellationToken))?.UserName);
    }

    [Fact]
    public async Task SearchAsync_NoSource_FindsNothing()
    {
        CredentialSearch search = await new FirstCredentials().SearchAsync(Registry, null, TestContext.Current.CancellationToken);
        Assert.Null(search.Credential);
        Assert.Empty(search.Attempts);
    }

    [Fact]
    public void Constructor_NullSource_IsRefused() => Assert.Throws<ArgumentException>(() => new FirstCredentials(new FixedCredentials(), null!));
}

using DevOps.Oci;

namespace DevOps.Credentials.Tests;

public sealed class FixedCredentialsTests
{
    [Fact]
    public async Task FindAsync_Registry_GetsItsOwnAndNoOther()
    {
        Credential hub = Credential.FromPassword("hub", "x");
        Credential local = Credential.FromPassword("local", "y");
        FixedCredentials credentials = new FixedCredentials()
            .Add(RegistryAddress.DockerHub, Credential.FromPassword("old", "z"))
            .Add(RegistryAddress.Parse("index.docker.io"), hub)
            .Add(RegistryAddress.Parse("LOCALHOST:5000"), local);

        Assert.Same(hub, await FindAsync(credentials, "docker.io"));
        Assert.Same(local, await FindAsync(credentials, "localhost:5000"));
        Assert.Null(await FindAsync(credentials, "localhost"));
        Assert.Null(await FindAsync(credentials, "localhost:5001"));
        Assert.Null(await FindAsync(credentials, "sub.docker.io"));
        Assert.Null(await FindAsync(credentials, "ghcr.io"));
    }

    private static async Task<Credential?> FindAsync(FixedCredentials credentials, string registry) =>
        await credentials.FindAsync(RegistryAddress.Parse(registry), TestContext.Current.CancellationToken);
}

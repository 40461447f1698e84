using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Storage;

public sealed class RepositoryFolderTests
{
    [Fact]
    public void AddBlob_ManyAtOnce_AllSucceed()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        RepositoryFolder repository = new RegistryStorage(directory.Path).GetRepository(RepositoryName.Parse("a"));
        Digest digest = Digest.Compute("shared"u8);
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, _ => repository.AddBlob(digest));
        Assert.True(File.Exists(Path.Combine(directory.Path, "repositories", "a", "_blobs", "sha256", digest.Hex)));
    }
}

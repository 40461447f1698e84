using System.Text;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Credentials;

public sealed class CredentialFileWriterDamageTests
{
    private static readonly RegistryAddress Registry = RegistryAddress.Parse("registry.example");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoreAndErase_FileDamagedAtEachByte_ChangeOrLeaveItAndNeverTell()
    {
        using CredentialPlaces places = new();
        byte[] valid = Encoding.UTF8.GetBytes($$"""
            {
            	"auths": {"registry.example": {"auth": "{{CredentialPlaces.Auth("user")}}", "x": 1 }, "other.example": { } },
            	"HttpHeaders": {"a": "é"}
            }
            """);
        CredentialFileWriter writer = new(places.DockerConfig, places.Helpers);
        Credential credential = Credential.FromPassword("new", CredentialPlaces.Secret);
        foreach (byte[] damaged in Damaged(valid))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(places.DockerConfig.Path)!);
            await File.WriteAllBytesAsync(places.DockerConfig.Path, damaged, Cancellation);
            try
            {
                await writer.StoreAsync(Registry, credential, Cancellation);
                CredentialSearch search = await new CredentialFiles(new() { Files = [places.DockerConfig] }).SearchAsync(Registry, null, Cancellation);
                Assert.Equal("new", search.Credential?.UserName);
                await writer.EraseAsync(Registry, Cancellation);
            }
            catch (CredentialFileException e)
            {
                Assert.Equal(damaged, await File.ReadAllBytesAsync(places.DockerConfig.Path, Cancellation));
                Assert.DoesNotContain(CredentialPlaces.Secret, e.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(CredentialPlaces.Auth("user"), e.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task StoreAsync_PlaceThatCannotBe_ThrowsAndTellsNoSecret()
    {
        using CredentialPlaces places = new();
        places.Write("file", "");
        CredentialFileWriter writer = new(new(places.PathOf("file/config.json"), CredentialFileFormat.DockerConfig), places.Helpers);
        IOException error = await Assert.ThrowsAnyAsync<IOException>(() => writer.StoreAsync(Registry, Credential.FromPassword("u", CredentialPlaces.Secret), Cancellation));
        Assert.DoesNotContain(CredentialPlaces.Secret, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", places.Read("file"));
    }

    private static IEnumerable<byte[]> Damaged(byte[] valid)
    {
        for (int at = 0; at < valid.Length; at++)
        {
            yield return valid[..at];
            yield return [.. valid[..at], (byte)'"', .. valid[(at + 1)..]];
            yield return [.. valid[..at], 0xFF, .. valid[(at + 1)..]];
            yield return [.. valid[..at], .. valid[(at + 1)..]];
        }
    }
}

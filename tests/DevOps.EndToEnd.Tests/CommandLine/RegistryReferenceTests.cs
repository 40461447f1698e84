using Cli;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class RegistryReferenceTests
{
    [Theory]
    [InlineData("localhost", "localhost/REPOSITORY")]
    [InlineData("localhost:5099", "localhost:5099/REPOSITORY")]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000/REPOSITORY")]
    [InlineData("[::1]:5000", "[::1]:5000/REPOSITORY")]
    [InlineData("ghcr.io", "ghcr.io/REPOSITORY")]
    [InlineData("ghcr.io:latest", "ghcr.io/REPOSITORY")]
    public void Parse_RegistryAlone_SaysThatTheRepositoryIsMissing(string text, string write) =>
        Assert.Equal($"'{text}' names a registry, and the repository is missing: write '{write}'.", Assert.Throws<UsageException>(() => RegistryReference.Parse(text)).Message);

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine")]
    [InlineData("registry:5000", "docker.io/library/registry:5000")]
    [InlineData("localhost/api", "localhost/api")]
    [InlineData("docker.io/library/my.image:1", "docker.io/library/my.image:1")]
    public void Parse_Reference_IsReadByDockersRules(string text, string reference) => Assert.Equal(reference, RegistryReference.Parse(text).ToString());

    [Theory]
    [InlineData("oci:layout:1")]
    [InlineData("docker-archive:api.tar")]
    public void Parse_PlaceOutsideOfRegistries_SaysWhatIsNeeded(string text) =>
        Assert.Contains("write HOST/REPOSITORY", Assert.Throws<UsageException>(() => RegistryReference.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Hint_LayoutOrArchiveHere_SaysHowItIsWritten()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string layout = temporary.MakeDirectory("image");
        string archive = Path.Combine(temporary.Path, "api.tar");
        File.WriteAllText(Path.Combine(layout, "oci-layout"), "{}");
        File.WriteAllText(archive, "");

        Assert.EndsWith($" write 'oci:{layout}'.", LocalPlace.Hint(layout), StringComparison.Ordinal);
        Assert.EndsWith($" write 'oci:{layout}:1.0'.", LocalPlace.Hint($"{layout}:1.0"), StringComparison.Ordinal);
        Assert.EndsWith($" write 'docker-archive:{archive}'.", LocalPlace.Hint(archive), StringComparison.Ordinal);
        Assert.Empty(LocalPlace.Hint(temporary.Path));
        Assert.Empty(LocalPlace.Hint($"{layout}s"));
    }
}

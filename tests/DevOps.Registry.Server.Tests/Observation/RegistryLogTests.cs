using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Observation;

public sealed class RegistryLogTests
{
    private static readonly Digest Digest = Digest.Compute("{}"u8);

    [Theory]
    [InlineData(RegistryEventKind.BlobPulled, "", "Debug: BlobPulled in team/api: {digest}, 2 bytes")]
    [InlineData(RegistryEventKind.ManifestPulled, "", "Debug: ManifestPulled in team/api: {digest}, 2 bytes")]
    [InlineData(RegistryEventKind.ManifestPulled, "latest", "Debug: ManifestPulled in team/api: {digest}, 2 bytes, tags latest")]
    [InlineData(RegistryEventKind.ManifestPushed, "1 2", "Information: ManifestPushed in team/api: {digest}, 2 bytes, tags 1, 2")]
    public void Write_OfContent_IsOneLineWithoutGaps(RegistryEventKind kind, string tags, string expected)
    {
        RecordingLogger log = new();
        RegistryLog.Write(log, new(kind, RepositoryName.Parse("team/api")) { Digest = Digest, LengthBytes = 2, Tags = [.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries)] });
        Assert.Equal(expected.Replace("{digest}", Digest.ToString(), StringComparison.Ordinal), Assert.Single(log.Entries).TrimEnd());
    }

    [Fact]
    public void Write_EveryKind_HasALineThatNamesTheRepository()
    {
        foreach (RegistryEventKind kind in Enum.GetValues<RegistryEventKind>())
        {
            RecordingLogger log = new();
            RegistryLog.Write(log, new(kind, RepositoryName.Parse("team/api")) { Digest = kind is RegistryEventKind.TagDeleted ? null : Digest, Tags = ["latest"] });
            Assert.Matches($"^(Debug|Information): {kind} in team/api: .*latest", Assert.Single(log.Entries));
        }
    }
}

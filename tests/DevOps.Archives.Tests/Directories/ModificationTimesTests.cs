using DevOps.Archives.Tar;
using DevOps.Testing;

namespace DevOps.Archives.Directories.Tests;

public sealed class ModificationTimesTests : IDisposable
{
    private static readonly DateTimeOffset Latest = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public void Dispose() => _directory.Dispose();

    [Theory] // offsets from the latest time, in milliseconds; expected: whole seconds, cut and not rounded
    [InlineData(ModificationTimes.Overwrite, -5000, 0)]
    [InlineData(ModificationTimes.Overwrite, 5000, 0)]
    [InlineData(ModificationTimes.Clamp, 5000, 0)]
    [InlineData(ModificationTimes.Clamp, 999, 0)]
    [InlineData(ModificationTimes.Clamp, 0, 0)]
    [InlineData(ModificationTimes.Clamp, -1, -1)]
    [InlineData(ModificationTimes.Clamp, -1001, -2)]
    [InlineData(ModificationTimes.Clamp, -1_600_000_000_000, -1_600_000_000)]
    public void Read_TimeOnDisk_IsKeptUpToTheLatest(ModificationTimes times, long milliseconds, long expected)
    {
        File.SetLastWriteTimeUtc(_directory.Write("d/f"), Latest.AddMilliseconds(milliseconds).UtcDateTime);
        File.SetLastWriteTimeUtc(_directory.Link("d/link", "f"), Latest.AddSeconds(7).UtcDateTime);
        Directory.SetLastWriteTimeUtc(_directory.PathOf("d"), Latest.AddMilliseconds(milliseconds).UtcDateTime);
        Dictionary<string, DateTimeOffset> read = DirectoryReader.Read(_directory.Path, new() { Root = "/root", ModificationTimes = times, ModifiedAt = Latest })
            .ToDictionary(item => item.Member.Path, item => item.Member.ModifiedAt);
        Assert.Equal(Latest.AddSeconds(expected), read["root/d/f"]);
        Assert.Equal(Latest.AddSeconds(expected), read["root/d"]);
        Assert.Equal(Latest, read["root"]);
    }

    [Fact]
    public void Read_Link_HasItsOwnTime()
    {
        File.SetLastWriteTimeUtc(_directory.Write("f"), Latest.AddSeconds(-100).UtcDateTime);
        _directory.Link("link", "f");
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-60);
        TarItem link = DirectoryReader.Read(_directory.Path, new() { ModificationTimes = ModificationTimes.Clamp, ModifiedAt = DateTimeOffset.MaxValue }).Single(item => item.Member.Path == "link");
        Assert.True(link.Member.ModifiedAt >= before, "The link was made now, and its file long ago.");
    }
}

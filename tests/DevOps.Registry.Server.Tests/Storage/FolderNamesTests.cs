using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Storage;

public sealed class FolderNamesTests : IDisposable
{
    private static readonly DateTime Old = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly FileClock _clock = new() { Now = Old + TimeSpan.FromHours(1) };

    [Fact]
    public void After_FolderThatRests_IsWalkedThroughOnce()
    {
        FolderNames names = new(1 << 20, _clock);
        Write(Old, "b", "a", "C", ".partial");
        Assert.Equal(["C", "a", "b"], List(names));
        Assert.Equal(["a", "b"], List(names, "C"));
        Assert.Equal(["b"], List(names, "aa"));
        Assert.Empty(List(names, "b"));
        Assert.Equal(1, names.WalkCount);
    }

    [Fact]
    public void After_NameComesOrGoes_IsSeenAtOnce()
    {
        FolderNames names = new(1 << 20, _clock);
        Write(Old, "a");
        Assert.Equal(["a"], List(names));
        Write(Old.AddSeconds(1), "b");
        Assert.Equal(["a", "b"], List(names));
        File.Delete(_directory.PathOf("a"));
        Directory.SetLastWriteTimeUtc(_directory.Path, Old.AddSeconds(2));
        Assert.Equal(["b"], List(names));
    }

    // The next change may come so soon that the folder's time stays as it is.
    [Fact]
    public void After_FolderThatChangedJustNow_IsNotKept()
    {
        FolderNames names = new(1 << 20, _clock);
        _clock.Now = Old + FolderNames.Coarseness;
        Write(Old, "a");
        Assert.Equal(["a"], List(names));
        Write(Old, "b");
        Assert.Equal(["a", "b"], List(names));
        Assert.Equal(0, names.KeptBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(1 << 20)]
    public void After_AnyBound_GivesAllNamesInOrder(int maxKeptBytes)
    {
        FolderNames names = new(maxKeptBytes, _clock);
        string[] all = [.. Enumerable.Range(0, 25_000).Select(i => $"tag-{(i * 7919) % 25_000}").Order(StringComparer.Ordinal)];
        Write(Old, all);
        Assert.Equal(all, List(names));
        Assert.Equal(all[12_345..], List(names, all[12_344]));
        Assert.InRange(names.KeptBytes, 0, maxKeptBytes);
    }

    [Fact]
    public void After_MoreFoldersThanFit_ForgetsThoseOfLongAgo()
    {
        FolderNames names = new(10_000, _clock);
        string[] folders = [.. Enumerable.Range(0, 50).Select(i => _directory.MakeDirectory($"folder-{i}"))];
        foreach (string folder in folders)
        {
            File.WriteAllText(Path.Combine(folder, "name"), "");
            Directory.SetLastWriteTimeUtc(folder, Old);
            Assert.Equal(["name"], names.After(folder, null, FolderEntries.Files, _ => true));
            Assert.InRange(names.KeptBytes, 1, 10_000);
        }

        Assert.Equal(50, names.WalkCount);
        Assert.Equal(["name"], names.After(folders[^1], null, FolderEntries.Files, _ => true));
        Assert.Equal(50, names.WalkCount);
        Assert.Equal(["name"], names.After(folders[0], null, FolderEntries.Files, _ => true));
        Assert.Equal(51, names.WalkCount);
    }

    [Fact]
    public void After_NoFolder_IsEmpty() => Assert.Empty(new FolderNames(1000, _clock).After(_directory.PathOf("none"), null, FolderEntries.Files, _ => true));

    public void Dispose() => _directory.Dispose();

    private IEnumerable<string> List(FolderNames names, string? last = null) => names.After(_directory.Path, last, FolderEntries.Files, name => name[0] != '.');

    private void Write(DateTime lastWrite, params string[] names)
    {
        foreach (string name in names)
        {
            File.WriteAllText(_directory.PathOf(name), "");
        }

        Directory.SetLastWriteTimeUtc(_directory.Path, lastWrite);
    }

    private sealed class FileClock : TimeProvider
    {
        internal DateTime Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

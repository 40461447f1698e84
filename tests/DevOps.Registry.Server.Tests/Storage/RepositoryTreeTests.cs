using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Storage;

public sealed class RepositoryTreeTests : IDisposable
{
    private static readonly string[] Parts = ["a", "a-b", "a.b", "a_b", "a0", "ab", "b"];

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    [Fact]
    public void After_AnyName_GivesTheOthersInTheOrderOfTheirNames()
    {
        Random random = new(11);
        HashSet<string> names = [];
        for (int i = 0; i < 120; i++)
        {
            names.Add(string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Parts[random.Next(Parts.Length)])));
        }

        foreach (string name in names)
        {
            _directory.MakeDirectory(Path.Combine(name, "_manifests", "sha256"));
            _directory.MakeDirectory(Path.Combine(name, "_tags"));
        }

        // Parents that are none themselves, and a folder of blobs alone.
        _directory.MakeDirectory(Path.Combine("z", "_blobs"));
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        RepositoryTree tree = new(_directory.Path, new(1 << 20, TimeProvider.System));
        Assert.Equal(sorted, tree.After(null));
        foreach (string last in (string[])[.. sorted, "", "a", "a-", "a/", "a/zz", "aa", "b/", "zz", "a.b/a-b/"])
        {
            Assert.Equal(sorted.Where(name => string.CompareOrdinal(name, last) > 0), tree.After(last));
        }
    }

    [Fact]
    public void After_SomeOfMany_LooksOnlyIntoTheirFolders()
    {
        for (int i = 0; i < 200; i++)
        {
            _directory.MakeDirectory(Path.Combine($"r{i:d3}", "_manifests"));
        }

        FolderNames names = new(1 << 20, TimeProvider.System);
        Assert.Equal(["r100", "r101", "r102"], new RepositoryTree(_directory.Path, names).After("r099").Take(3));
        Assert.InRange(names.WalkCount, 1, 5);
    }

    [Fact]
    public void After_NoFolder_IsEmpty() => Assert.Empty(new RepositoryTree(_directory.PathOf("none"), new(1000, TimeProvider.System)).After(null));

    public void Dispose() => _directory.Dispose();
}

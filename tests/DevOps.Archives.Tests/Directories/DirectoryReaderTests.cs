using System.Text;
using DevOps.Archives.Extraction;
using DevOps.Archives.Tar;
using DevOps.Testing;

namespace DevOps.Archives.Directories.Tests;

public sealed class DirectoryReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_NestedTree_IsInByteOrderWithParentsFirst()
    {
        foreach (string file in (string[])["a/b", "a/c/d", "a-b", "a.txt", "a0", "A", "B/x", "\u00E9", "\uFFFD0"[1..], "\U0001F600", "z"])
        {
            _directory.Write(file);
        }

        _directory.MakeDirectory("empty");
        List<string> paths = Paths();
        Assert.Equal(["0", "A", "B/", "B/x", "a-b", "a.txt", "a/", "a/b", "a/c/", "a/c/d", "a0", "empty/", "z", "\u00E9", "\U0001F600"], paths);
        Assert.Equal(paths.OrderBy(path => path, Comparer<string>.Create((x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y)))), paths);
    }

    [Fact]
    public void Read_AnyTree_IsOrderedAsTheWriterChecks()
    {
        Random random = new(3);
        for (int i = 0; i < 200; i++)
        {
            _directory.Write(string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(level => level + string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => "-.0Aa\uFF5E\U00010000".EnumerateRunes().ElementAt(random.Next(7)))))) + ".f");
        }

        List<string> paths = Paths();
        for (int i = 1; i < paths.Count; i++)
        {
            Assert.True(TarPathComparer.Instance.Compare(paths[i - 1], paths[i]) < 0, $"{paths[i - 1]} before {paths[i]}");
        }
    }

    [Fact]
    public void Read_Root_PutsItsParentsFirst()
    {
        _directory.Write("f", "abc");
        DirectoryOptions options = new() { Root = "//srv/app/", OwnerId = 7, GroupId = 8, ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(9) };
        TarItem[] members = [.. DirectoryReader.Read(_directory.Path, options)];

        Assert.Equal(["srv", "srv/app", "srv/app/f"], members.Select(member => member.Member.Path));
        Assert.All(members, member => Assert.Equal((7L, 8L, 9L), (member.Member.OwnerId, member.Member.GroupId, member.Member.ModifiedAt.ToUnixTimeSeconds())));
        Assert.Null(members[0].Content);
        Assert.Equal(0x1ED, members[1].Member.Mode);
        Assert.Equal(_directory.PathOf("f"), members[2].Content?.FilePath);
        Assert.Equal(3, members[2].Member.LengthBytes);
    }

    [Fact]
    public void Read_ImplicitParentsOmitted_HasOnlyWhatIsOnDisk()
    {
        _directory.Write("d/f");
        Assert.Equal(["srv/app/d", "srv/app/d/f"], DirectoryReader.Read(_directory.Path, new() { Root = "/srv/app", ImplicitParents = ImplicitParents.Omit }).Select(item => item.Member.Path));
    }

    [Fact]
    public void Read_EmptyDirectory_GivesNothing() => Assert.Empty(DirectoryReader.Read(_directory.Path));

    [Fact]
    public void Read_WrongDirectory_ThrowsAtOnce()
    {
        string file = _directory.Write("file");
        Assert.Contains("is a file", Assert.Throws<DirectoryNotFoundException>(() => DirectoryReader.Read(file)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DirectoryNotFoundException>(() => DirectoryReader.Read(_directory.PathOf("no"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DirectoryReader.Read(""));
    }

    [Fact]
    public void Read_ClosingSeparatorOrLinkToTheRoot_IsTheSame()
    {
        _directory.Write("real/a/f", "x");
        _directory.Link("alias", "real");
        List<string> expected = Paths("real");
        Assert.Equal(expected, Paths("real/"));
        Assert.Equal(expected, Paths("alias"));
        Assert.Equal(["a/", "a/f"], expected);
    }

    [Fact]
    public void Read_Twice_SeesTheDirectoryAsItIs()
    {
        IEnumerable<TarItem> members = DirectoryReader.Read(_directory.Path);
        Assert.Empty(members);
        _directory.Write("new");
        Assert.Single(members);
    }

    [Theory]
    [InlineData("644", "644")]
    [InlineData("600", "644")]
    [InlineData("666", "644")]
    [InlineData("400", "644")]
    [InlineData("755", "755")]
    [InlineData("700", "755")]
    [InlineData("744", "755")]
    [InlineData("654", "755")]
    [InlineData("645", "755")]
    [InlineData("4755", "755")]
    public void Read_FileModes_AreNormalizedByTheExecuteBits(string onDisk, string expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_directory.Write("f"), (UnixFileMode)Convert.ToInt32(onDisk, 8));
        Assert.Equal(expected, Convert.ToString(Assert.Single(DirectoryReader.Read(_directory.Path)).Member.Mode, 8));
        Assert.Equal(onDisk, Convert.ToString(Assert.Single(DirectoryReader.Read(_directory.Path, new() { Modes = FileModes.Preserve })).Member.Mode, 8));
    }

    [Fact]
    public async Task Read_OtherUmaskTimesAndOrder_GivesTheSameBytes()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] files = ["a-b", "a/b", "a/c/d", "z", "x.sh"];
        foreach (string file in files)
        {
            _directory.Write("one/" + file, file);
        }

        foreach (string file in files.Reverse())
        {
            string path = _directory.Write("two/" + file, file);
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        UnixFileMode executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_directory.PathOf("one/x.sh"), executable | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_directory.PathOf("two/x.sh"), executable);
        Assert.Equal(await PackAsync("one"), await PackAsync("two"));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("missing")]
    public void Read_LinkThatLeadsNowhere_SaysThatItIsALink(string target)
    {
        string link = _directory.Link("link", target);
        Assert.Contains("symbolic link", Assert.Throws<DirectoryNotFoundException>(() => DirectoryReader.Read(link)).Message, StringComparison.Ordinal);
    }

    private List<string> Paths(string relative = "") =>
        [.. DirectoryReader.Read(_directory.PathOf(relative)).Select(member => member.Member.Path + (member.Member.Kind == TarMemberKind.Directory ? "/" : ""))];

    private async Task<byte[]> PackAsync(string relative)
    {
        using MemoryStream archive = new();
        TarArchiveWriter writer = new(archive);
        foreach (TarItem member in DirectoryReader.Read(_directory.PathOf(relative)))
        {
            await writer.WriteAsync(member, TestContext.Current.CancellationToken);
        }

        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return archive.ToArray();
    }

    [Theory]
    [InlineData(SharedFiles.Copy, "File a, File b/c, File d, File e")]
    [InlineData(SharedFiles.Link, "File a, HardLink b/c -> a, File d, HardLink e -> a")]
    public void Read_FileWithSeveralNames_IsCopiedOrLinked(SharedFiles shared, string expected)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string first = directory.Write("tree/a", "one file");
        directory.MakeDirectory("tree/b");
        foreach (string name in (string[])["tree/b/c", "tree/e", "outside"])
        {
            HardLinks.Create(first, directory.PathOf(name));
        }

        HardLinks.Create(directory.Write("other", "elsewhere"), directory.PathOf("tree/d"));

        string actual = string.Join(", ", DirectoryReader.Read(directory.PathOf("tree"), new() { SharedFiles = shared })
            .Where(item => item.Member.Kind != TarMemberKind.Directory)
            .Select(item => $"{item.Member.Kind} {item.Member.Path}{(item.Member.LinkTarget is { } target ? " -> " + target : "")}"));

        Assert.Equal(expected, actual);
    }
}

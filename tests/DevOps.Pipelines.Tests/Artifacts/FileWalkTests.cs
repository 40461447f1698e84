using System.Diagnostics;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class FileWalkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Find_Tree_IsInTheOrderOfAnArchiveWithItsDirectories()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        foreach (string path in (string[])["b/2", "b/1", "b-c", "a", "b/sub/x", "other/y"])
        {
            root.Write(path);
        }

        root.MakeDirectory("b/empty");

        Assert.Equal(["a", "b-c", "b", "b/1", "b/2", "b/empty", "b/sub", "b/sub/x"], Paths(root, FilePatterns.Of("a", "b*")));
        Assert.Equal(["b", "b/1"], Paths(root, FilePatterns.Of("b/?").Except("**/2")));
    }

    [Fact]
    public void Find_DirectoryThatNoPatternLeadsInto_IsNotRead()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("src/a.cs");
        string pipe = root.MakeDirectory("node_modules");
        Process.Start("mkfifo", [Path.Combine(pipe, "pipe")]).WaitForExit();
        root.Link("node_modules/out", "/");

        Assert.Equal(["src", "src/a.cs"], Paths(root, FilePatterns.Of("src/**", "*.md")));
        Assert.Throws<FileSelectionException>(() => Paths(root, FilePatterns.Of("**")));
        Assert.Equal(["src", "src/a.cs"], Paths(root, FilePatterns.Of("**").Except("node_modules")));
    }

    [Fact]
    public void Find_PatternsThatChooseNothing_AreNamed()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("out/a");
        root.MakeDirectory("empty");

        FileSelection found = FileWalk.Find(root.Path, FilePatterns.Of("out/*", "*.nupkg", "empty/**", "out/a").Except("x"), new(10, 10), Cancellation);

        Assert.Equal(["*.nupkg", "empty/**"], found.Unmatched);
        Assert.Equal(["*.a", "out/a"], FileWalk.Find(root.Path, FilePatterns.Of("*.a", "out/a").Except("out/a"), new(10, 10), Cancellation).Unmatched);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside")]
    [InlineData("deep/here/../../../outside")] // through "here", a link to the root, ".." leads out although the names alone do not
    [InlineData("loop")]
    public void Find_LinkThatLeadsOut_IsRefused(string target)
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.MakeDirectory("a");
        root.Link("deep/here", "..");
        root.Link("loop", "loop2");
        root.Link("loop2", "loop");
        root.Link("link", target);

        FileSelectionException error = Assert.Throws<FileSelectionException>(() => Paths(root, FilePatterns.Of("link")));

        Assert.Equal("link", error.Path);
        Assert.Contains("'link' cannot be taken: it is a symbolic link", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file", "file")]
    [InlineData("deep/here/file", "file")]
    [InlineData("deep/../file", "file")]
    [InlineData("not/there", "not/there")]
    [InlineData(".", "")]
    public void Find_LinkInside_IsKeptAsALinkAndKnowsItsEnd(string target, string end)
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("file");
        root.Link("deep/here", "..");
        root.Link("link", target);

        SelectedFile link = Assert.Single(FileWalk.Find(root.Path, FilePatterns.Of("link"), new(10, 10), Cancellation).Files);

        Assert.Equal((FileKind.SymbolicLink, target, end), (link.Kind, link.Link!.Target, link.Link.Path));
    }

    [Fact]
    public void Find_LinkToADirectory_IsNotGoneInto()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("real/a");
        root.Link("link", "real");

        Assert.Equal(["link"], Paths(root, FilePatterns.Of("link")));
        Assert.Empty(Paths(root, FilePatterns.Of("link/**")));
        Assert.Empty(Paths(root, FilePatterns.Of("link/")));
    }

    [Fact]
    public void Find_MoreThanAllowed_SaysWhereAndHowMuch()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("a", "12345");
        root.Write("b", "12345");

        Assert.Equal(1, Assert.Throws<FileLimitException>(() => FileWalk.Find(root.Path, FilePatterns.Of("*"), new(1, 100), Cancellation)).Limit);
        FileLimitException error = Assert.Throws<FileLimitException>(() => FileWalk.Find(root.Path, FilePatterns.Of("*"), new(2, 9), Cancellation));
        Assert.Contains("more than 9 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(10, FileWalk.Find(root.Path, FilePatterns.Of("*"), new(2, 10), Cancellation).Bytes);
    }

    [Fact]
    public void Find_NoRoot_SaysSo() => Assert.Throws<DirectoryNotFoundException>(() => FileWalk.Find("/no/such/root", FilePatterns.Of("*"), new(1, 1), Cancellation));

    [Fact] // Where a walk prunes, it finds what comparing every path would.
    public void Find_RandomTreesAndPatterns_IsWhatMatchesSays()
    {
        Random random = new(3);
        using TemporaryDirectory root = TemporaryDirectory.Create();
        List<string> paths = [];
        for (int i = 0; i < 60; i++)
        {
            string path = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => "d" + random.Next(3))) + $"/f{random.Next(4)}";
            root.Write(path);
            paths.Add(path);
        }

        string[] names = ["d0", "d?", "*", "**", "f1", "f[0-2]", "{d1,f2}", "d2/d0"];
        for (int i = 0; i < 300; i++)
        {
            FilePatterns patterns = FilePatterns.Of(Pattern(), Pattern()).Except(Pattern());
            Assert.Equal(
                paths.Distinct().Where(patterns.Matches).Order(StringComparer.Ordinal),
                FileWalk.Find(root.Path, patterns, new(1000, 1000), Cancellation).Files.Where(file => file.Kind == FileKind.File).Select(file => file.Path).Order(StringComparer.Ordinal));
        }

        string Pattern() => string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => names[random.Next(names.Length)])) + (random.Next(5) == 0 ? "/" : "");
    }

    private static string[] Paths(TemporaryDirectory root, FilePatterns patterns) =>
        [.. FileWalk.Find(root.Path, patterns, new(1000, 1 << 20), Cancellation).Files.Select(file => file.Path)];
}

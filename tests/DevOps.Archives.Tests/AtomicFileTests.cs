using DevOps.Testing;

namespace DevOps.Archives.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private string Target => _directory.PathOf("file");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Commit_WrittenContent_TakesTheName()
    {
        await using (AtomicFile file = AtomicFile.Create(Target))
        {
            file.Content.Write("new"u8);
            Assert.False(File.Exists(Target), "Nobody sees the file before it is whole.");
            file.Commit();
        }

        Assert.Equal("new", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Commit_NameThatIsThere_ReplacesIt()
    {
        _directory.Write("file", "a much longer old text");
        await using AtomicFile file = AtomicFile.Create(Target);
        file.Content.Write("new"u8);
        file.Commit();
        Assert.Equal("new", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DisposeAsync_WithoutCommit_LeavesEverythingAsItWas()
    {
        _directory.Write("file", "old");
        AtomicFile file = AtomicFile.Create(Target);
        file.Content.Write(new byte[1_000_000]);
        await file.DisposeAsync();
        await file.DisposeAsync();

        Assert.Equal([Target], Directory.GetFileSystemEntries(_directory.Path));
        Assert.Equal("old", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DisposeAsync_AfterAFailure_LeavesNothingBehind()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            await using AtomicFile file = AtomicFile.Create(Target);
            file.Content.Write("half"u8);
            throw new InvalidTimeZoneException();
        });
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task DisposeAsync_AfterACommitThatFailed_LeavesNothingBehind()
    {
        await using (AtomicFile file = AtomicFile.Create(Target))
        {
            _directory.Write("file/in the way");
            Assert.ThrowsAny<IOException>(file.Commit);
        }

        Assert.Equal([Target], Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Create_WrongPath_ThrowsAndLeavesNothingBehind()
    {
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Create(_directory.PathOf("no/file")));
        Assert.Throws<IOException>(() => AtomicFile.Create(_directory.Path));
        Assert.Throws<ArgumentException>(() => AtomicFile.Create(""));
        Assert.Throws<ArgumentException>(() => AtomicFile.Create("/"));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Create_TwoWritersOfOneName_DoNotMeet()
    {
        await using AtomicFile one = AtomicFile.Create(Target);
        await using AtomicFile two = AtomicFile.Create(Target);
        one.Content.Write("one"u8);
        two.Content.Write("two"u8);
        two.Commit();
        one.Commit();
        Assert.Equal("one", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact] // 255 bytes is the most on the common file systems of Linux
    public async Task Create_LongName_IsWrittenToo()
    {
        string path = _directory.PathOf(new string('x', 250));
        await using AtomicFile file = AtomicFile.Create(path);
        file.Commit();
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Commit_OfALink_ReplacesWhatItLeadsToAndKeepsTheLink()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string target = directory.Write("target", "old");
        string link = directory.Link("link", "target");

        await using (AtomicFile file = AtomicFile.Create(link))
        {
            await file.Content.WriteAsync("new"u8.ToArray(), TestContext.Current.CancellationToken);
            file.Commit();
        }

        Assert.Equal("target", new FileInfo(link).LinkTarget);
        Assert.Equal("new", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Create_OverADevice_IsRefused()
    {
        IOException error = Assert.Throws<IOException>(() => AtomicFile.Create("/dev/null"));

        Assert.Contains("is a device", error.Message, StringComparison.Ordinal);
    }
}

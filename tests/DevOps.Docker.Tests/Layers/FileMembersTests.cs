using DevOps.Archives.Directories;
using DevOps.Archives.Tar;
using DevOps.Testing;

namespace DevOps.Docker.Tests;

public sealed class FileMembersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task FromFiles_FilesInAnyOrder_AreSortedWithTheirParentsOnce()
    {
        string file = _directory.Write("f", "abc");
        DirectoryOptions options = new() { OwnerId = 5, GroupId = 6, ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(7) };
        Layer layer = Layer.FromFiles("x", [new(file, "/a/c/d"), new(file, "/a-b"), new(file, "/a/b"), new(file, "/z/y/x")], options);
        List<TarItem> read = await layer.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["a-b", "a", "a/b", "a/c", "a/c/d", "z", "z/y", "z/y/x"], read.Select(member => member.Member.Path));
        Assert.Equal(["a", "a/c", "z", "z/y"], read.Where(member => member.Member.Kind == TarMemberKind.Directory).Select(member => member.Member.Path));
        Assert.All(read, member => Assert.Equal((5L, 6L, 7L), (member.Member.OwnerId, member.Member.GroupId, member.Member.ModifiedAt.ToUnixTimeSeconds())));
        Assert.All(read.Where(member => member.Member.Kind == TarMemberKind.File), member => Assert.Equal((3L, file), (member.Member.LengthBytes, member.Content?.FilePath)));
    }

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/a", "a")]
    [InlineData("//a", "/a")]
    public void FromFiles_OnePathTwice_Throws(string one, string two)
    {
        string file = _directory.Write("f");
        Assert.Throws<ArgumentException>(() => Layer.FromFiles("x", [new LayerFile(file, one), new LayerFile(file, two)]));
    }

    [Theory]
    [InlineData("/../etc/passwd")]
    [InlineData("/a/../b")]
    [InlineData("/a/")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/a//b")]
    public void FromFiles_MalformedPath_Throws(string path) =>
        Assert.Throws<ArgumentException>(() => Layer.FromFiles("x", [new LayerFile(_directory.Write("f"), path)]));

    [Fact]
    public async Task FromFiles_MissingFile_ThrowsWhenBuilt()
    {
        Layer layer = Layer.FromFiles("x", [new LayerFile(_directory.PathOf("later"), "/f")]);
        FileNotFoundException error = await Assert.ThrowsAsync<FileNotFoundException>(() => layer.BuildAsync(Stream.Null, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'/f'", error.Message, StringComparison.Ordinal);

        _directory.Write("later");
        Assert.Equal(1, (await layer.BuildAsync(Stream.Null, cancellationToken: TestContext.Current.CancellationToken)).MemberCount);
    }

    [Fact]
    public async Task FromFiles_SameTreeAsADirectory_HasTheSameDiffId()
    {
        string one = _directory.Write("tree/a/b", "1");
        string two = _directory.Write("tree/a-b", "2");
        BuiltLayer files = await Layer.FromFiles("x", [new(one, "/app/a/b"), new(two, "/app/a-b")]).BuildAsync(Stream.Null, cancellationToken: TestContext.Current.CancellationToken);
        BuiltLayer directory = await Layer.FromDirectory(_directory.PathOf("tree"), new() { Root = "/app" }).BuildAsync(Stream.Null, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(directory.DiffId, files.DiffId);
    }

    [Fact]
    public async Task FromFiles_Link_IsTheFileThatItLeadsTo()
    {
        _directory.Write("real", "content");
        Layer layer = Layer.FromFiles("x", [new(_directory.Link("link", "real"), "/f")]);
        TarItem item = Assert.Single(await layer.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((TarMemberKind.File, 0x1A4, 7L), (item.Member.Kind, item.Member.Mode, item.Member.LengthBytes));
    }

    [Fact] // OCI image-spec 1.1, layer.md: a layer must not have two entries for one path
    public async Task FromFiles_FileWhereAnotherNeedsADirectory_IsRefused()
    {
        string file = _directory.Write("f");
        Exception? error = await Record.ExceptionAsync(() => Layer.FromFiles("x", [new(file, "/a"), new(file, "/a/b")])
            .BuildAsync(Stream.Null, cancellationToken: TestContext.Current.CancellationToken));
        Assert.NotNull(error);
    }
}

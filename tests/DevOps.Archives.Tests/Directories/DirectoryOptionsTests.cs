namespace DevOps.Archives.Directories.Tests;

public sealed class DirectoryOptionsTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/app")]
    [InlineData("/a/b/")]
    [InlineData("//a")]
    [InlineData("/...")]
    public void Root_AbsolutePath_IsKept(string root) => Assert.Equal(root, new DirectoryOptions { Root = root }.Root);

    [Theory]
    [InlineData("")]
    [InlineData("app")]
    [InlineData("./app")]
    [InlineData("/a/../b")]
    [InlineData("/..")]
    [InlineData("/./a")]
    [InlineData("/a\0")]
    [InlineData("C:/a")]
    public void Root_OtherPath_Throws(string root) => Assert.Throws<ArgumentException>(() => new DirectoryOptions { Root = root });

    [Fact]
    public void Default_Always_ChangesNothingOnItsOwn()
    {
        Assert.Equal(
            ("/", SymbolicLinks.Keep, FileModes.Normalize, DateTimeOffset.UnixEpoch, 0, 0),
            (DirectoryOptions.Default.Root, DirectoryOptions.Default.SymbolicLinks, DirectoryOptions.Default.Modes, DirectoryOptions.Default.ModifiedAt, DirectoryOptions.Default.OwnerId, DirectoryOptions.Default.GroupId));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryOptions { OwnerId = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryOptions { GroupId = -1 });
    }
}

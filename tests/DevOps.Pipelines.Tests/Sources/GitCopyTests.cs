using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class GitCopyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyTrackedAsync_Checkout_IsItsTrackedFilesAsTheyAre()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        using TemporaryDirectory target = TemporaryDirectory.Create();
        repository.Write(".gitignore", "bin/\n");
        repository.Write("a/run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(repository.PathOf("a/run.sh"), (UnixFileMode)0b111_101_101);
        repository.Write("a/b/deep", "old");
        repository.Write("odd 'name'\n\té\U0001F680", "odd");
        File.CreateSymbolicLink(repository.PathOf("a/link"), "../odd 'name'\n\té\U0001F680");
        File.CreateSymbolicLink(repository.PathOf("dangling"), "a/none");
        await repository.CommitAsync("First");
        repository.Write("a/b/deep", "changed");
        repository.Write("bin/out", "ignored");
        repository.Write("new", "untracked");
        File.Delete(repository.PathOf(".gitignore"));
        repository.Write(".git/info/exclude", "bin/\n");

        GitCopyResult result = await GitCheckout.CopyTrackedAsync(repository.Path, target.PathOf("copy"), cancellationToken: Cancellation);

        Assert.Equal([".gitignore"], result.Missing);
        Assert.Empty(result.Repositories);
        Assert.Equal(5, result.FileCount);
        Assert.Equal(
            ["a/b/deep", "a/link", "a/run.sh", "dangling", "odd 'name'\n\té\U0001F680"],
            Directory.EnumerateFileSystemEntries(target.PathOf("copy"), "*", SearchOption.AllDirectories).Where(path => !Directory.Exists(path))
                .Select(path => Path.GetRelativePath(target.PathOf("copy"), path)).Order(StringComparer.Ordinal));
        Assert.Equal("changed", await File.ReadAllTextAsync(target.PathOf("copy/a/b/deep"), Cancellation));
        Assert.Equal("odd", await File.ReadAllTextAsync(target.PathOf("copy/a/link"), Cancellation));
        Assert.Equal("a/none", new FileInfo(target.PathOf("copy/dangling")).LinkTarget);
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(target.PathOf("copy/a/run.sh")));
        Assert.Equal(File.GetLastWriteTimeUtc(repository.PathOf("a/run.sh")), File.GetLastWriteTimeUtc(target.PathOf("copy/a/run.sh")));
    }

    [Fact]
    public async Task CopyTrackedAsync_WithUntracked_LeavesOutTheIgnored()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        repository.Write(".gitignore", "out/\n");
        await repository.CommitAsync("First");
        repository.Write("new/file", "");
        repository.Write("out/file", "");
        await repository.GitAsync("init", "--quiet", "own");
        repository.Write("own/file", "");

        // The target may be below the checkout: what is copied was listed before.
        GitCopyResult result = await GitCheckout.CopyTrackedAsync(repository.Path, repository.PathOf("copy"), GitCopyContent.TrackedAndUntracked, Cancellation);
        Assert.Equal(["own"], result.Repositories);
        Assert.Equal(2, result.FileCount);
        Assert.True(File.Exists(repository.PathOf("copy/new/file")));
        Assert.False(Directory.Exists(repository.PathOf("copy/out")));
    }

    [Fact]
    public async Task CopyTrackedAsync_Directory_IsCopiedFromThereOn()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        repository.Write("beside", "");
        await repository.CommitAsync("Second");
        await GitCheckout.CopyTrackedAsync(repository.PathOf("src"), repository.PathOf("copy"), cancellationToken: Cancellation);
        Assert.Equal([repository.PathOf("copy/file")], Directory.GetFileSystemEntries(repository.PathOf("copy")));
    }

    [Fact]
    public async Task CopyTrackedAsync_Submodule_IsToldAndNotCopied()
    {
        using TestRepository inner = await TestRepository.CreateWithCommitAsync();
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Path, "sub");
        GitCopyResult result = await GitCheckout.CopyTrackedAsync(repository.Path, repository.PathOf("copy"), cancellationToken: Cancellation);
        Assert.Equal(["sub"], result.Repositories);
        Assert.False(Directory.Exists(repository.PathOf("copy/sub")));
    }

    [Fact]
    public async Task CopyTrackedAsync_DirectoryThatBecameALink_IsNotFollowed()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        using TemporaryDirectory outside = TemporaryDirectory.Create();
        outside.Write("file", "outside");
        Directory.Delete(repository.PathOf("src"), recursive: true);
        File.CreateSymbolicLink(repository.PathOf("src"), outside.Path);
        GitCopyResult result = await GitCheckout.CopyTrackedAsync(repository.Path, repository.PathOf("copy"), cancellationToken: Cancellation);
        Assert.Equal(["src/file"], result.Missing);
        Assert.Empty(Directory.GetFileSystemEntries(repository.PathOf("copy")));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../outside")]
    [InlineData("x/../../..")]
    public async Task CopyTrackedAsync_LinkThatLeadsOut_IsRefused(string linkTarget)
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        File.CreateSymbolicLink(repository.PathOf("src/link"), linkTarget);
        await repository.CommitAsync("Second");
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.CopyTrackedAsync(repository.Path, repository.PathOf("copy"), cancellationToken: Cancellation));
        Assert.Contains($"'src/link' cannot be copied: its target '{linkTarget}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CopyTrackedAsync_TargetNotEmpty_IsRefused()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.CopyTrackedAsync(repository.Path, repository.PathOf("src"), cancellationToken: Cancellation));
        Assert.Contains("it is not empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CopyTrackedAsync_NoRepository_IsTold()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.CopyTrackedAsync(directory.Path, directory.PathOf("copy"), cancellationToken: Cancellation));
        Assert.Contains("not a git repository", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.PathOf("copy")));
    }

    [Theory]
    [InlineData("a/b.txt", true)]
    [InlineData("...", true)]
    [InlineData(".gitignore", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("../a", false)]
    [InlineData("a/../../b", false)]
    [InlineData("a/./b", false)]
    [InlineData("a//b", false)]
    [InlineData(".git/hooks/post-checkout", false)]
    [InlineData("a/.GIT/config", false)]
    [InlineData("a\ufffd", false)]
    [InlineData("a\0b", false)]
    public void Check_Path_StaysBelowItsRoot(string path, bool expected)
    {
        if (expected)
        {
            Assert.Equal(path, SafePath.Check(path));
            return;
        }

        Assert.Throws<DevOpsException>(() => SafePath.Check(path));
    }

    [Theory]
    [InlineData("link", "file", true)]
    [InlineData("a/b/link", "../../file", true)]
    [InlineData("a/link", "./../x/y/", true)]
    [InlineData("a/link", "..", true)]
    [InlineData("link", ".", true)]
    [InlineData("link", "..", false)]
    [InlineData("a/link", "../..", false)]
    [InlineData("a/link", "x/../y", false)]
    [InlineData("link", "/", false)]
    [InlineData("link", "//x", false)]
    [InlineData("link", "", false)]
    public void CheckLink_Target_StaysInTheTree(string path, string linkTarget, bool expected)
    {
        if (expected)
        {
            Assert.Equal(linkTarget, SafePath.CheckLink(path, linkTarget));
            return;
        }

        Assert.Throws<DevOpsException>(() => SafePath.CheckLink(path, linkTarget));
    }
}

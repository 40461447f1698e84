namespace DevOps.Pipelines.Tests;

/// <summary>Versions of real repositories. Expected, where nothing else is said: what MinVer's README gives for the same history.</summary>
public sealed class GitVersionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "0.0.0-alpha.0")]
    [InlineData(1, "0.0.0-alpha.0.1")]
    [InlineData(3, "0.0.0-alpha.0.3")]
    public async Task ReadVersionAsync_NoTag_CountsFromTheFirstCommit(int more, string expected)
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await CommitAsync(repository, more);
        GitVersion version = await ReadAsync(repository);
        Assert.Equal((expected, null, more), (version.Version.ToString(), version.Tag, version.Height));
    }

    [Theory]
    [InlineData("v1.2.3", 0, "1.2.3")]
    [InlineData("v1.2.3", 1, "1.2.4-alpha.0.1")]
    [InlineData("v1.2.3", 4, "1.2.4-alpha.0.4")]
    [InlineData("v1.3.0-rc.1", 0, "1.3.0-rc.1")]
    [InlineData("v1.3.0-rc.1", 2, "1.3.0-rc.1.2")]
    [InlineData("v1.2.3+build.7", 0, "1.2.3+build.7")]
    [InlineData("v1.2.3+build.7", 1, "1.2.4-alpha.0.1")]
    public async Task ReadVersionAsync_Tag_IsTheVersionOrTheOneBefore(string tag, int more, string expected)
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await CommitAsync(repository, 1);
        await repository.GitAsync("tag", tag);
        await CommitAsync(repository, more);
        GitVersion version = await ReadAsync(repository);
        Assert.Equal((expected, tag, more), (version.Version.ToString(), version.Tag, version.Height));
    }

    [Fact]
    public async Task ReadVersionAsync_AnnotatedTag_AndTagOfATag_Count()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("tag", "-a", "-m", "Release\n\nv9.9.9", "v2.0.0");
        Assert.Equal("2.0.0", (await ReadAsync(repository)).Version.ToString());
        await CommitAsync(repository, 1);
        await repository.GitAsync("tag", "-a", "-m", "inner", "inner");
        await repository.GitAsync("tag", "-a", "-m", "outer", "v3.0.0", "inner");
        GitVersion version = await ReadAsync(repository);
        Assert.Equal(("3.0.0", "v3.0.0"), (version.Version.ToString(), version.Tag));
    }

    [Fact]
    public async Task ReadVersionAsync_SeveralTagsOnOneCommit_TheHighestCounts()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        foreach (string tag in (string[])["v1.0.0-rc.10", "v1.0.0", "v1.0.0-rc.9", "v0.9.0", "v1.0", "1.5.0", "V1.6.0", "v01.7.0", "vnext", "release/v2.0.0"])
        {
            await repository.GitAsync("tag", tag);
        }

        Assert.Equal("1.0.0", (await ReadAsync(repository)).Version.ToString());
        Assert.Equal("1.5.0", (await ReadAsync(repository, new() { TagPrefix = "" })).Version.ToString());
        Assert.Equal("2.0.0", (await ReadAsync(repository, new() { TagPrefix = "release/v" })).Version.ToString());
    }

    [Fact]
    public async Task ReadVersionAsync_LowerTagThatIsNearer_Counts()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("tag", "v5.0.0");
        await CommitAsync(repository, 1);
        await repository.GitAsync("tag", "v1.0.0");
        await CommitAsync(repository, 1);
        Assert.Equal("1.0.1-alpha.0.1", (await ReadAsync(repository)).Version.ToString());
    }

    [Fact]
    public async Task ReadVersionAsync_TagAfterTheCommit_DoesNotCount()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("tag", "v1.0.0");
        await CommitAsync(repository, 2);
        await repository.GitAsync("tag", "v2.0.0");
        await repository.GitAsync("checkout", "--quiet", "HEAD~1");
        Assert.Equal("1.0.1-alpha.0.1", (await ReadAsync(repository)).Version.ToString());
    }

    [Theory] // The release that was merged counts on whichever side of the merge it is; the height is git describe's.
    [InlineData("v1.1.0", "v1.0.1", "1.1.1-alpha.0.4", "v1.1.0")]
    [InlineData("v1.0.1", "v1.1.0", "1.1.1-alpha.0.4", "v1.1.0")]
    [InlineData("v1.0.1", null, "1.0.2-alpha.0.4", "v1.0.1")]
    [InlineData(null, "v1.0.1", "1.0.2-alpha.0.4", "v1.0.1")]
    [InlineData(null, null, "1.0.1-alpha.0.5", "v1.0.0")]
    public async Task ReadVersionAsync_Merge_TakesTheHighestOfBothSides(string? onMain, string? onSide, string expected, string tag)
    {
        // v1.0.0 - m1 (onMain) - m2 - merge
        //        \ s1 (onSide) - s2 -/
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("checkout", "--quiet", "-B", "main");
        await repository.GitAsync("tag", "v1.0.0");
        await repository.GitAsync("checkout", "--quiet", "-b", "side");
        await CommitAsync(repository, 1, "side");
        await TagAsync(repository, onSide);
        await CommitAsync(repository, 1, "side");
        await repository.GitAsync("checkout", "--quiet", "main");
        await CommitAsync(repository, 1);
        await TagAsync(repository, onMain);
        await CommitAsync(repository, 1);
        await repository.GitAsync("merge", "--quiet", "--no-ff", "--no-edit", "side");

        GitVersion version = await ReadAsync(repository);
        Assert.Equal((expected, tag), (version.Version.ToString(), version.Tag));
        string described = await repository.GitAsync("describe", "--tags", "--match", tag, "--long");
        Assert.StartsWith($"{tag}-{version.Height}-g", described, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadVersionAsync_TagBehindAnotherOnItsSide_DoesNotCount()
    {
        // v9.0.0 - v1.0.0 ------- merge: from the side's view v9.0.0 is near, but v1.0.0 comes after it.
        //       \ s1 ----------/
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("checkout", "--quiet", "-B", "main");
        await repository.GitAsync("tag", "v9.0.0");
        await repository.GitAsync("checkout", "--quiet", "-b", "side");
        await CommitAsync(repository, 1, "side");
        await repository.GitAsync("checkout", "--quiet", "main");
        await CommitAsync(repository, 1);
        await repository.GitAsync("tag", "v1.0.0");
        await repository.GitAsync("merge", "--quiet", "--no-ff", "--no-edit", "side");
        Assert.Equal("1.0.1-alpha.0.2", (await ReadAsync(repository)).Version.ToString());
    }

    [Fact]
    public async Task ReadVersionAsync_Options_AreFollowed()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("tag", "v1.2.3");
        string id = await CommitAsync(repository, 1);
        Assert.Equal("1.3.0-preview.1", (await ReadAsync(repository, new() { Increment = VersionPart.Minor, DefaultPrerelease = ["preview"] })).Version.ToString());
        Assert.Equal("2.0.0-alpha.0.1", (await ReadAsync(repository, new() { Increment = VersionPart.Major })).Version.ToString());
        Assert.Equal("1.5.0-alpha.0.1", (await ReadAsync(repository, new() { MinimumMajor = 1, MinimumMinor = 5 })).Version.ToString());
        Assert.Equal("1.2.4-alpha.0.1", (await ReadAsync(repository, new() { MinimumMajor = 1, MinimumMinor = 2 })).Version.ToString());
        Assert.Equal($"1.2.4-alpha.0.1+{id[..12]}", (await ReadAsync(repository, new() { Metadata = GitVersionMetadata.Commit | GitVersionMetadata.Dirty })).Version.ToString());
        repository.Write("new", "");
        Assert.Equal($"1.2.4-alpha.0.1+{id[..12]}.dirty", (await ReadAsync(repository, new() { Metadata = GitVersionMetadata.Commit | GitVersionMetadata.Dirty })).Version.ToString());
        Assert.Equal("1.2.4-alpha.0.1+dirty", (await ReadAsync(repository, new() { Metadata = GitVersionMetadata.Dirty })).Version.ToString());
    }

    [Fact]
    public void Options_Wrong_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new GitVersionOptions { DefaultPrerelease = [] });
        Assert.Throws<ArgumentException>(() => new GitVersionOptions { DefaultPrerelease = ["a b"] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GitVersionOptions { MinimumMajor = -1 });
        Assert.Throws<ArgumentNullException>(() => new GitVersionOptions { TagPrefix = null! });
    }

    [Fact]
    public async Task ReadVersionAsync_ShallowClone_TellsTheRemedy()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("tag", "v1.0.0");
        await CommitAsync(repository, 3);
        await repository.GitAsync("clone", "--quiet", "--depth", "2", "file://" + repository.Path, "clone");
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.ReadVersionAsync(repository.PathOf("clone"), cancellationToken: Cancellation));
        Assert.Contains("'git fetch --unshallow --tags'", error.Message, StringComparison.Ordinal);

        // The commit's own tag needs no history.
        await repository.GitAsync("-C", "clone", "tag", "v4.0.0");
        Assert.Equal("4.0.0", (await GitCheckout.ReadVersionAsync(repository.PathOf("clone"), cancellationToken: Cancellation)).Version.ToString());
    }

    [Fact]
    public async Task ReadVersionAsync_NoRepository_TellsTheRemedy()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.ReadVersionAsync(repository.Path, cancellationToken: Cancellation));
        Assert.Contains("does not have any commits yet", error.Message, StringComparison.Ordinal);
    }

    private static Task<GitVersion> ReadAsync(TestRepository repository, GitVersionOptions? options = null) => GitCheckout.ReadVersionAsync(repository.Path, options, Cancellation);

    private static async Task<string> CommitAsync(TestRepository repository, int count, string file = "main")
    {
        string id = "";
        for (int i = 0; i < count; i++)
        {
            repository.Write(file, await repository.GitAsync("rev-parse", "HEAD"));
            id = await repository.CommitAsync($"More {i}");
        }

        return id;
    }

    private static async Task TagAsync(TestRepository repository, string? tag)
    {
        if (tag is not null)
        {
            await repository.GitAsync("tag", tag);
        }
    }
}

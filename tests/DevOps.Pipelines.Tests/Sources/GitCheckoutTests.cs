using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class GitCheckoutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadHeadAsync_Commit_HasIdTimeAndSubject()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        repository.Write("other", "content");
        string id = await repository.CommitAsync("Second\n\nWith a body\nof two lines.");

        GitCommit commit = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);

        Assert.Equal(new GitCommit(id, TestRepository.CommitTime, "Second", IsDirty: false), commit);
        Assert.Equal(TimeSpan.Zero, commit.CommittedAt.Offset);
        Assert.Matches("^[0-9a-f]{40}$", commit.Id);
        Assert.Equal(id[..12], commit.ShortId);
    }

    [Fact]
    public async Task ReadHeadAsync_Sha256Repository_HasALongId()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        Directory.Delete(repository.PathOf(".git"), recursive: true);
        await repository.GitAsync("init", "--quiet", "--object-format=sha256");
        repository.Write("file", "content");
        string id = await repository.CommitAsync("Long");

        GitCommit commit = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);
        Assert.Matches("^[0-9a-f]{64}$", commit.Id);
        Assert.Equal(id, commit.Id);
    }

    [Fact]
    public async Task ReadHeadAsync_Subdirectory_IsOfTheSameCommit()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        GitCommit top = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);
        Assert.Equal(top, await GitCheckout.ReadHeadAsync(repository.PathOf("src"), Cancellation));
    }

    [Fact]
    public async Task ReadHeadAsync_DetachedHead_IsItsCommit()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        string first = await repository.GitAsync("rev-parse", "HEAD");
        repository.Write("src/file", "changed");
        await repository.CommitAsync("Second");
        await repository.GitAsync("checkout", "--quiet", first);

        Assert.Equal((first, "First"), Facts(await GitCheckout.ReadHeadAsync(repository.Path, Cancellation)));
    }

    [Theory]
    [InlineData("untracked")]
    [InlineData("untracked in a new directory")]
    [InlineData("modified")]
    [InlineData("staged")]
    [InlineData("staged and put back")]
    [InlineData("deleted")]
    [InlineData("renamed")]
    public async Task ReadHeadAsync_Change_IsDirty(string change)
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        switch (change)
        {
            case "untracked":
                repository.Write("new", "");
                break;
            case "untracked in a new directory":
                repository.Write("new/deep/file", "");
                break;
            case "modified":
                repository.Write("src/file", "changed");
                break;
            case "staged":
                repository.Write("src/file", "changed");
                await repository.GitAsync("add", "-A");
                break;
            case "staged and put back":
                repository.Write("src/file", "changed");
                await repository.GitAsync("add", "-A");
                repository.Write("src/file", "content");
                break;
            case "deleted":
                File.Delete(repository.PathOf("src/file"));
                break;
            default:
                await repository.GitAsync("mv", "src/file", "src/other");
                break;
        }

        GitCommit commit = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);
        Assert.True(commit.IsDirty);
        Assert.Equal("First", commit.Subject);
    }

    [Fact]
    public async Task ReadHeadAsync_IgnoredFileOrSameContent_IsClean()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        repository.Write(".gitignore", "bin/\n");
        repository.Write("file", "content");
        await repository.CommitAsync("First");
        repository.Write("bin/output", "ignored");
        repository.Write("file", "content");

        Assert.False((await GitCheckout.ReadHeadAsync(repository.Path, Cancellation)).IsDirty);
    }

    [Fact]
    public async Task ReadHeadAsync_ConfiguredOtherwise_AnswersTheSame()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync("Subj\u00e9ct");
        repository.Write("new", "");
        foreach ((string name, string value) in (IEnumerable<(string, string)>)[
            ("color.ui", "always"), ("status.showUntrackedFiles", "no"), ("status.branch", "true"), ("status.short", "true"), ("log.showSignature", "true"),
            ("log.decorate", "full"), ("log.date", "iso"), ("format.pretty", "raw"), ("core.quotePath", "true"), ("core.pager", "false")])
        {
            await repository.GitAsync("config", name, value);
        }

        GitCommit commit = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);
        Assert.Equal(("Subj\u00e9ct", true, TestRepository.CommitTime), (commit.Subject, commit.IsDirty, commit.CommittedAt));
        File.Delete(repository.PathOf("new"));
        Assert.False((await GitCheckout.ReadHeadAsync(repository.Path, Cancellation)).IsDirty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%H %n %s")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"quoted\" 'single' `back` $HOME \\ back")]
    [InlineData("Gr\u00fc\u00dfe \u65e5\u672c\u8a9e \U0001F680")]
    [InlineData("tab\tin it")]
    [InlineData("escape \u001b[31mred")]
    [InlineData("-m")]
    public async Task ReadHeadAsync_OddSubject_IsKept(string subject)
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync(subject);
        GitCommit commit = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);
        Assert.Equal(subject, commit.Subject);
        Assert.Equal(TestRepository.CommitTime, commit.CommittedAt);
    }

    [Fact]
    public async Task ReadHeadAsync_DirectoryWithOddName_IsRead()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        repository.Write("-a b'\"*?[x]/file", "content");
        await repository.CommitAsync("First");
        string directory = repository.PathOf("-a b'\"*?[x]");

        Assert.False((await GitCheckout.ReadHeadAsync(directory, Cancellation)).IsDirty);
        repository.Write("-a b'\"*?[x]/file", "changed");
        Assert.True((await GitCheckout.ReadHeadAsync(directory, Cancellation)).IsDirty);
    }

    [Fact]
    public async Task ReadHeadAsync_NoRepository_TellsTheRemedy()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        Directory.Delete(repository.PathOf(".git"), recursive: true);
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.ReadHeadAsync(repository.Path, Cancellation));
        Assert.Contains($"'{repository.Path}': fatal: not a git repository", error.Message, StringComparison.Ordinal);
        Assert.Contains("'git init'", error.Message, StringComparison.Ordinal);
        Assert.IsType<ProcessFailedException>(error.InnerException);
    }

    [Fact]
    public async Task ReadHeadAsync_NoCommit_TellsTheRemedy()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => GitCheckout.ReadHeadAsync(repository.Path, Cancellation));
        Assert.Contains("does not have any commits yet", error.Message, StringComparison.Ordinal);
        Assert.Contains("'git commit'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadHeadAsync_BareRepository_IsAnErrorOfOurs()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        await repository.GitAsync("clone", "--quiet", "--bare", ".", "bare.git");
        await Assert.ThrowsAnyAsync<DevOpsException>(() => GitCheckout.ReadHeadAsync(repository.PathOf("bare.git"), Cancellation));
    }

    [Fact]
    public async Task ReadHeadAsync_NoDirectory_IsTold()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => GitCheckout.ReadHeadAsync(directory.PathOf("missing"), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => GitCheckout.ReadHeadAsync("", Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => GitCheckout.ReadHeadAsync(null!, Cancellation));
    }

    [Fact]
    public async Task ReadHeadAsync_Cancelled_Stops()
    {
        using TestRepository repository = await TestRepository.CreateWithCommitAsync();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => GitCheckout.ReadHeadAsync(repository.Path, stop.Token));
    }

    [Theory] // The variables are from "git rev-parse --local-env-vars"; a git hook runs with some of them set.
    [InlineData("GIT_DIR", ".git")]
    [InlineData("GIT_WORK_TREE", ".")]
    [InlineData("GIT_INDEX_FILE", ".git/index")]
    [InlineData("GIT_OBJECT_DIRECTORY", ".git/objects")]
    [InlineData("GIT_COMMON_DIR", ".git")]
    public async Task ReadHeadAsync_GitVariableOfAnotherRepository_DoesNotMislead(string variable, string path)
    {
        using TestRepository other = await TestRepository.CreateWithCommitAsync("Other");
        using TestRepository repository = await TestRepository.CreateAsync();
        repository.Write("mine", "content");
        await repository.CommitAsync("Mine");

        // Other tests start git meanwhile, all without these variables.
        string? before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, other.PathOf(path));
            GitCommit commit = await GitCheckout.ReadHeadAsync(repository.Path, Cancellation);
            Assert.Equal(("Mine", false), (commit.Subject, commit.IsDirty));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    private static (string Id, string Subject) Facts(GitCommit commit) => (commit.Id, commit.Subject);
}

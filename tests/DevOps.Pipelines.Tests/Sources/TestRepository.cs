using System.Collections.Immutable;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>A git repository of its own, whatever the machine's configuration says.</summary>
internal sealed class TestRepository : IDisposable
{
    /// <summary>When its commits are made: not whole in any unit above the second.</summary>
    internal static readonly DateTimeOffset CommitTime = DateTimeOffset.FromUnixTimeSeconds(1_767_312_345);

    private static readonly ImmutableDictionary<string, string?> Environment = ImmutableDictionary<string, string?>.Empty
        .Add("GIT_DIR", null).Add("GIT_WORK_TREE", null).Add("GIT_INDEX_FILE", null).Add("GIT_OBJECT_DIRECTORY", null).Add("GIT_COMMON_DIR", null).Add("GIT_CONFIG_NOSYSTEM", "1").Add("GIT_CONFIG_GLOBAL", "/dev/null")
        .Add("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z").Add("GIT_COMMITTER_DATE", $"{CommitTime.ToUnixTimeSeconds()} +0530");

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private TestRepository()
    {
    }

    internal string Path => _directory.Path;

    /// <summary>Creates a repository without a commit.</summary>
    internal static async Task<TestRepository> CreateAsync()
    {
        TestRepository repository = new();
        try
        {
            await repository.GitAsync("init", "--quiet");
        }
        catch (ProcessStartException)
        {
            repository.Dispose();
            Assert.Skip("The test needs git.");
        }

        return repository;
    }

    /// <summary>Creates a repository with one commit of one file, <c>src/file</c>.</summary>
    internal static async Task<TestRepository> CreateWithCommitAsync(string subject = "First")
    {
        TestRepository repository = await CreateAsync();
        repository.Write("src/file", "content");
        await repository.CommitAsync(subject);
        return repository;
    }

    internal string Write(string relative, string content) => _directory.Write(relative, content);

    internal string PathOf(string relative) => _directory.PathOf(relative);

    /// <summary>Commits all there is and returns the new commit's id.</summary>
    internal async Task<string> CommitAsync(string message)
    {
        await GitAsync("add", "-A");
        await GitAsync("commit", "--quiet", "--allow-empty-message", "--cleanup=verbatim", "-m", message);
        return await GitAsync("rev-parse", "HEAD");
    }

    internal async Task<string> GitAsync(params string[] arguments) => (await ProcessExecution.RunAsync(
        "git",
        ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgSign=false", .. arguments],
        new() { WorkingDirectory = Path, Environment = Environment },
        ProcessScope.Silent(TimeProvider.System),
        TestContext.Current.CancellationToken)).Output.TrimEnd('\n');

    public void Dispose() => _directory.Dispose();
}

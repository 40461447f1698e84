using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Reads a git checkout through the <c>git</c> program.</summary>
public static class GitCheckout
{
    // What git sets for its hooks (git rev-parse --local-env-vars) would lead it to another repository or index.
    private static readonly string[] LocalVariables =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_IMPLICIT_WORK_TREE",
        "GIT_GRAFT_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE",
    ];

    // Git must answer or fail, never ask.
    private static readonly ImmutableDictionary<string, string?> Environment = ImmutableDictionary<string, string?>.Empty
        .Add("GIT_TERMINAL_PROMPT", "0").Add("GIT_OPTIONAL_LOCKS", "0").Add("LC_ALL", "C")
        .AddRange(LocalVariables.Select(name => KeyValuePair.Create(name, (string?)null)));

    /// <summary>Reads the commit that is checked out.</summary>
    /// <param name="directory">A directory of the checkout.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    /// <exception cref="ProcessStartException">Git is not installed.</exception>
    /// <exception cref="DevOpsException">The directory is in no git repository, or the repository has no commit.</exception>
    public static async Task<GitCommit> ReadHeadAsync(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string[] facts;
        try
        {
            facts = (await GitAsync(directory, ["log", "-1", "--no-show-signature", "--format=%H%n%ct%n%s"], cancellationToken).ConfigureAwait(false)).Split('\n');
        }
        catch (ProcessFailedException e)
        {
            throw new DevOpsException(
                $"No commit can be read in '{directory}': {e.LastLines.Split('\n')[0]}. Name a directory of a git checkout that has a commit ('git init', 'git add -A', 'git commit').", e);
        }

        string changes = await GitAsync(directory, ["status", "--porcelain", "--untracked-files=normal"], cancellationToken).ConfigureAwait(false);
        return new(
            facts[0],
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(facts[1], CultureInfo.InvariantCulture)),
            facts.Length > 2 ? facts[2] : "",
            changes.Length > 0);
    }

    private static async Task<string> GitAsync(string directory, string[] arguments, CancellationToken cancellationToken) =>
        (await ProcessExecution.RunAsync("git", arguments, new() { WorkingDirectory = directory, Environment = Environment }, ProcessScope.Silent(TimeProvider.System), cancellationToken).ConfigureAwait(false)).Output;
}

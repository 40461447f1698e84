using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Reads a git checkout through the <c>git</c> program.</summary>
public static class GitCheckout
{
    /// <summary>Reads the commit that is checked out.</summary>
    /// <param name="directory">A directory of the checkout.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    /// <exception cref="ProcessStartException">Git is not installed.</exception>
    /// <exception cref="DevOpsException">The directory is in no git repository, or the repository has no commit.</exception>
    public static async Task<GitCommit> ReadHeadAsync(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        GitCommand git = new(directory, cancellationToken);
        string[] facts;
        try
        {
            facts = (await git.TextAsync(["log", "-1", "--no-show-signature", "--format=%H%n%ct%n%s"]).ConfigureAwait(false)).Split('\n');
        }
        catch (ProcessFailedException e)
        {
            throw new DevOpsException(
                $"No commit can be read in '{directory}': {e.LastLines.Split('\n')[0]}. Name a directory of a git checkout that has a commit ('git init', 'git add -A', 'git commit').", e);
        }

        string changes = await git.TextAsync(["status", "--porcelain", "--untracked-files=normal"]).ConfigureAwait(false);
        return new(
            facts[0],
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(facts[1], CultureInfo.InvariantCulture)),
            facts.Length > 2 ? facts[2] : "",
            changes.Length > 0);
    }

    /// <summary>Derives the version of the checked out commit from the tags of the repository. The rules are those of <see cref="GitVersionOptions"/>.</summary>
    /// <param name="directory">A directory of the checkout.</param>
    /// <param name="options">How; <see cref="GitVersionOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    /// <exception cref="ProcessStartException">Git is not installed.</exception>
    /// <exception cref="DevOpsException">The directory is in no git repository, the repository has no commit, or it is a shallow clone, in which tags and commits are missing.</exception>
    public static async Task<GitVersion> ReadVersionAsync(string directory, GitVersionOptions? options = null, CancellationToken cancellationToken = default)
    {
        GitCommit head = await ReadHeadAsync(directory, cancellationToken).ConfigureAwait(false);
        return await new GitVersionReader(new(directory, cancellationToken), options ?? GitVersionOptions.Default).ReadAsync(head).ConfigureAwait(false);
    }

    /// <summary>Copies the files of a checkout that git knows into a new directory, as they are in the checkout now, changes that are not committed included: a workspace that holds no output of an earlier build.</summary>
    /// <param name="directory">A directory of the checkout; what is below it is copied.</param>
    /// <param name="target">The directory to create. It may exist if it is empty.</param>
    /// <param name="content">Which files.</param>
    /// <param name="cancellationToken">Stops the copy; what is copied by then stays.</param>
    /// <returns>What was copied, and what was not.</returns>
    /// <remarks>Modes keep who may read, write and execute; times are kept. A symbolic link is copied as a link, and refused if it does not lead into the copy: an absolute target, one that leaves the copy,
    /// or one with <c>..</c> after a name, which nobody can judge by its text. Nothing is written outside the target. The checkout must not change meanwhile.</remarks>
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    /// <exception cref="ProcessStartException">Git is not installed.</exception>
    /// <exception cref="DevOpsException">The directory is in no git repository, the target is not empty, or a file has a name or is a link that leads elsewhere.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static Task<GitCopyResult> CopyTrackedAsync(string directory, string target, GitCopyContent content = GitCopyContent.Tracked, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentException.ThrowIfNullOrEmpty(target);
        return new GitCopy(new(directory, cancellationToken), Path.GetFullPath(target), cancellationToken).CopyAsync(content);
    }
}

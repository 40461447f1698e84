namespace DevOps.Pipelines;

/// <summary>Copies the files of a checkout that git knows.</summary>
internal sealed class GitCopy(GitCommand git, string target, CancellationToken cancellationToken)
{
    private const string SubmoduleMode = "160000";

    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    private readonly string _source = Path.GetFullPath(git.Directory);
    private readonly HashSet<string> _realDirectories = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Target)> _links = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _repositories = [];
    private int _fileCount;

    internal async Task<GitCopyResult> CopyAsync(GitCopyContent content)
    {
        string[] paths = await ListAsync(content).ConfigureAwait(false);
        await Task.Run(() => Copy(paths), cancellationToken).ConfigureAwait(false);
        return new(_fileCount, [.. _missing], [.. _repositories]);
    }

    private async Task<string[]> ListAsync(GitCopyContent content)
    {
        try
        {
            // A conflict has up to three entries of one file.
            List<string> paths = [];
            foreach (string entry in await git.PartsAsync("ls-files", "-z", "--stage").ConfigureAwait(false))
            {
                string path = entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..];
                (entry.StartsWith(SubmoduleMode, StringComparison.Ordinal) ? _repositories : paths).Add(path);
            }

            if (content == GitCopyContent.TrackedAndUntracked)
            {
                paths.AddRange(await git.PartsAsync("ls-files", "-z", "--others", "--exclude-standard").ConfigureAwait(false));
            }

            return [.. paths.Distinct(StringComparer.Ordinal)];
        }
        catch (ProcessFailedException e)
        {
            throw new DevOpsException($"The files of '{git.Directory}' cannot be listed: {e.LastLines.Split('\n')[0]}. Name a directory of a git checkout.", e);
        }
    }

    private void Copy(string[] paths)
    {
        if (Directory.CreateDirectory(target).EnumerateFileSystemInfos().Any())
        {
            throw new DevOpsException($"The checkout '{git.Directory}' cannot be copied to '{target}': it is not empty. Name a directory that does not exist.");
        }

        foreach (string path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.EndsWith('/'))
            {
                _repositories.Add(path.TrimEnd('/'));
                continue;
            }

            CopyEntry(SafePath.Check(path));
        }

        // Last, so that nothing is ever written through a link.
        foreach ((string path, string linkTarget) in _links)
        {
            string full = Path.Combine(target, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.CreateSymbolicLink(full, linkTarget);
            _fileCount++;
        }
    }

    private void CopyEntry(string path)
    {
        FileInfo file = new(Path.Combine(_source, path));
        if (!IsBelowRealDirectories(path) || !(file.Exists || file.LinkTarget is not null))
        {
            _missing.Add(path);
        }
        else if (file.LinkTarget is { } linkTarget)
        {
            _links.Add((path, SafePath.CheckLink(path, linkTarget)));
        }
        else
        {
            string full = Path.Combine(target, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            file.CopyTo(full);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(full, file.UnixFileMode & Permissions);
            }

            _fileCount++;
        }
    }

    // A directory of the index that is a link in the checkout now leads elsewhere: git calls what is below it deleted.
    private bool IsBelowRealDirectories(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0)
        {
            return true;
        }

        string parent = path[..slash];
        if (_realDirectories.Contains(parent))
        {
            return true;
        }

        bool isReal = IsBelowRealDirectories(parent) && new DirectoryInfo(Path.Combine(_source, parent)) is { Exists: true, LinkTarget: null };
        if (isReal)
        {
            _realDirectories.Add(parent);
        }

        return isReal;
    }
}

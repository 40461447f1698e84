namespace DevOps.Pipelines;

/// <summary>A directory in which files are unpacked, on the file system where they go, and from which they are moved there: all, or none.</summary>
internal sealed class RestoreStage : IDisposable
{
    private readonly string _target;
    private readonly string _stage;
    private readonly Artifact _artifact;
    private readonly Stack<string> _made;
    private readonly Stack<(string From, string To)> _moves = new();
    private bool _published;

    private RestoreStage(string target, string stage, Artifact artifact, Stack<string> made)
    {
        (_target, _stage, _artifact, _made) = (target, stage, artifact, made);
        Files = Path.Combine(stage, "files");
        Directory.CreateDirectory(Files);
    }

    /// <summary>Gets where the files are unpacked.</summary>
    internal string Files { get; }

    /// <summary>Makes the directory: in the target, or beside it if there is none yet.</summary>
    internal static RestoreStage Create(string directory, Artifact artifact)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (File.Exists(target))
        {
            throw new IOException($"'{directory}' is a file. Name a directory to restore the artifact '{artifact.Name}' to.");
        }

        Stack<string> made = new();
        string home = Directory.Exists(target) ? target : Path.GetDirectoryName(target)!;
        foreach (string missing in Missing(home).Reverse())
        {
            Directory.CreateDirectory(missing);
            made.Push(missing);
        }

        return new(target, Path.Combine(home, FileWalk.RestoringPrefix + Path.GetRandomFileName()), artifact, made);
    }

    /// <summary>Moves the files to their place.</summary>
    /// <exception cref="ArtifactConflictException">Something is there already.</exception>
    /// <exception cref="IOException">A move failed; those before it were undone.</exception>
    internal void Publish(ExistingFiles existing)
    {
        try
        {
            if (Directory.Exists(_target))
            {
                Merge(Files, _target, existing);
            }
            else
            {
                Move(Files, _target);
            }

            _published = true;
        }
        catch
        {
            Undo();
            throw;
        }
    }

    public void Dispose()
    {
        Directory.Delete(_stage, recursive: true);
        while (!_published && _made.TryPop(out string? directory))
        {
            // Someone else may be using it by now.
            if (Directory.EnumerateFileSystemEntries(directory).Any())
            {
                return;
            }

            Directory.Delete(directory);
        }
    }

    private static IEnumerable<string> Missing(string directory)
    {
        for (string? at = directory; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private void Merge(string from, string to, ExistingFiles existing)
    {
        foreach (string source in Directory.EnumerateFileSystemEntries(from).Order(StringComparer.Ordinal).ToArray())
        {
            string target = Path.Combine(to, Path.GetFileName(source));
            if (!IsThere(target))
            {
                Move(source, target);
            }
            else if (IsDirectory(source) && IsDirectory(target))
            {
                Merge(source, target, existing);
            }
            else if (existing == ExistingFiles.Refuse)
            {
                throw new ArtifactConflictException(_artifact, target, "files that are there were to be refused");
            }
            else if (existing == ExistingFiles.Replace)
            {
                if (IsDirectory(target))
                {
                    throw new ArtifactConflictException(_artifact, target, "it is a directory, which is not replaced by a file");
                }

                Move(target, Path.Combine(_stage, $"old-{_moves.Count}"));
                Move(source, target);
            }
        }
    }

    private void Move(string from, string to)
    {
        Rename(from, to);
        _moves.Push((from, to));
    }

    private void Undo()
    {
        while (_moves.TryPop(out (string From, string To) move))
        {
            Rename(move.To, move.From);
        }
    }

    // A link to a directory is renamed as a directory is, and stays a link.
    private static void Rename(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            // Without it, a link would be copied where a file system knows no second names.
            File.Move(from, to, overwrite: true);
        }
    }

    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static bool IsDirectory(string path)
    {
        DirectoryInfo info = new(path);
        return info.Exists && info.LinkTarget is null;
    }
}

namespace DevOps.Pipelines;

/// <summary>Finds where a program keeps its runs.</summary>
internal static class ProgramState
{
    internal const string Folder = ".devops";

    internal static string Find(ProgramCalls calls) => calls.Options.StateDirectory is { } given
        ? Path.GetFullPath(given, calls.WorkingDirectory)
        : Path.Combine(FindRoot(calls.WorkingDirectory) ?? calls.WorkingDirectory, Folder, "runs");

    /// <summary>Finds where a program keeps artifacts: beside the default directory of runs, or in the one that was given, under a name that no run has.</summary>
    internal static string FindArtifacts(ProgramCalls calls) => calls.Options.StateDirectory is null
        ? Path.Combine(Path.GetDirectoryName(Find(calls))!, "artifacts")
        : Path.Combine(Find(calls), ".artifacts");

    /// <summary>Makes the default directory ready; what is kept there must not make the checkout dirty.</summary>
    internal static void Prepare(ProgramCalls calls)
    {
        if (calls.Options.StateDirectory is not null)
        {
            return;
        }

        string folder = Path.GetDirectoryName(Find(calls))!;
        string ignore = Path.Combine(folder, ".gitignore");
        if (!File.Exists(ignore))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(ignore, "*\n");
        }
    }

    // In a worktree or a submodule .git is a file.
    private static string? FindRoot(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
            {
                return at.FullName;
            }
        }

        return null;
    }
}

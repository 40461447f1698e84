namespace DevOps.Pipelines;

/// <summary>The directory in which a run works.</summary>
internal sealed class RunWorkspace
{
    private readonly WorkspaceOptions? _options;

    private RunWorkspace(string path, WorkspaceOptions? options) => (Path, _options) = (path, options);

    internal string Path { get; }

    /// <summary>Makes the directory ready; one that an earlier part of the run left is taken as it is.</summary>
    internal static async Task<RunWorkspace> PrepareAsync(RunOptions options, string runId, CancellationToken cancellationToken)
    {
        string directory = System.IO.Path.GetFullPath(options.Directory ?? ".");
        if (options.Workspaces is not { } workspaces)
        {
            return Directory.Exists(directory)
                ? new(directory, null)
                : throw new DirectoryNotFoundException($"The run cannot work in '{directory}': the directory does not exist.");
        }

        string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(workspaces.Root), runId);
        if (!Directory.Exists(path))
        {
            // No run can have this name.
            string partial = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{runId}.partial");
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            Directory.CreateDirectory(partial);
            if (workspaces.Content == WorkspaceContent.TrackedFiles)
            {
                await GitCheckout.CopyTrackedAsync(directory, partial, cancellationToken: cancellationToken).ConfigureAwait(false);
            }

            Directory.Move(partial, path);
        }

        return new(path, workspaces);
    }

    /// <summary>Removes the directory, if it is to go.</summary>
    /// <returns>What kept it from going, or <see langword="null"/>.</returns>
    internal Exception? End(Outcome outcome, bool goesOnLater)
    {
        bool stays = goesOnLater || _options is null || _options.Keep == KeptWorkspaces.All || outcome == Outcome.Cancelled || (_options.Keep == KeptWorkspaces.OfFailedRuns && outcome.IsFailed());
        if (stays)
        {
            return null;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}

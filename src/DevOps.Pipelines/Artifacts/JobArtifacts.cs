namespace DevOps.Pipelines;

/// <summary>Saves files of jobs and restores them in others.</summary>
public static class JobArtifacts
{
    /// <summary>Saves files of the job's directory in <see cref="RunOptions.Artifacts"/>. The artifact is data that a job can return as its result.</summary>
    /// <param name="job">The job.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="patterns">Which files. By default each pattern must choose at least one.</param>
    /// <exception cref="InvalidOperationException">The run has no store of artifacts.</exception>
    /// <exception cref="UnmatchedPatternException">A pattern chooses no file.</exception>
    public static Task<Artifact> SaveArtifactAsync(this JobContext job, string name, params string[] patterns) => job.SaveArtifactAsync(name, FilePatterns.Of(patterns));

    /// <summary>Saves files of the job's directory in <see cref="RunOptions.Artifacts"/>. The artifact is data that a job can return as its result.</summary>
    /// <param name="job">The job.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="patterns">Which files.</param>
    /// <param name="options">How; <see cref="ArtifactSaveOptions.Default"/> if <see langword="null"/>.</param>
    /// <exception cref="InvalidOperationException">The run has no store of artifacts.</exception>
    /// <exception cref="UnmatchedPatternException">A pattern chooses no file.</exception>
    public static async Task<Artifact> SaveArtifactAsync(this JobContext job, string name, FilePatterns patterns, ArtifactSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(name);
        if (job.Engine.Observer.Mask(name) != name)
        {
            throw new ArgumentException("The artifact's name holds a secret of the run, and names are written down. Choose another.", nameof(name));
        }

        Artifact artifact = await StoreOf(job).SaveAsync(name, job.Directory, patterns, options, job.Cancellation).ConfigureAwait(false);
        job.Log($"artifact '{name}': {artifact.FileCount} {(artifact.FileCount == 1 ? "file" : "files")}, {artifact.SizeBytes} bytes, {artifact.Digest}");
        job.State.Work.Add(artifact);
        return artifact;
    }

    /// <summary>Restores the files of an artifact: all of them, or none.</summary>
    /// <param name="job">The job.</param>
    /// <param name="artifact">The artifact, most often the result of a job that this one needs.</param>
    /// <param name="directory">Where to, from the job's directory; that directory itself by default.</param>
    /// <param name="options">How; <see cref="ArtifactRestoreOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>The full path of the directory.</returns>
    /// <exception cref="InvalidOperationException">The run has no store of artifacts.</exception>
    /// <exception cref="ArtifactNotFoundException">The store does not hold the artifact, or it expired.</exception>
    public static async Task<string> RestoreArtifactAsync(this JobContext job, Artifact artifact, string directory = ".", ArtifactRestoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(directory);
        string target = Path.GetFullPath(Path.Combine(job.Directory, directory));
        await StoreOf(job).RestoreAsync(artifact, target, options, job.Cancellation).ConfigureAwait(false);
        return target;
    }

    private static IArtifactStore StoreOf(JobContext job) =>
        job.Engine.Options.Artifacts ?? throw new InvalidOperationException($"'{job.Name}' uses artifacts and its run has no store for them. Set RunOptions.Artifacts, as to a FolderArtifactStore.");
}

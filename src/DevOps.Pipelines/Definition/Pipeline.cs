using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A pipeline that was checked and does not change any more. Each run has state of its own, so several may run at once.</summary>
public sealed class Pipeline
{
    internal Pipeline(string name, ImmutableArray<Job> jobs) => (Name, Jobs) = (name, jobs);

    /// <summary>Gets the pipeline's name.</summary>
    public string Name { get; }

    /// <summary>Gets the jobs, in the order they were added.</summary>
    public ImmutableArray<Job> Jobs { get; }

    /// <summary>Runs the pipeline: each job starts the moment all that it needs succeeded.</summary>
    /// <param name="options">How; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run: jobs at work are told, processes they started are ended, jobs not started are cancelled.</param>
    /// <returns>How each job ended. A job that fails, or a cancellation, is a result and no exception.</returns>
    public Task<PipelineResult> RunAsync(RunOptions? options = null, CancellationToken cancellationToken = default) =>
        new PipelineRun(this, options ?? RunOptions.Default).RunAsync(cancellationToken);
}

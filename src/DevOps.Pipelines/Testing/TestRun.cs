namespace DevOps.Pipelines.Testing;

/// <summary>One of several runs that a <see cref="PipelineTester"/> lets go on together.</summary>
public sealed record TestRun
{
    private TestRun(Func<RunOptions, CancellationToken, Task<PipelineRun>> start, RunOptions? options) => (Start, Options) = (start, options ?? RunOptions.Default);

    /// <summary>Gets how long after the others it starts, by the clock.</summary>
    /// <value>No time by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or longer than a timer runs.</exception>
    public TimeSpan StartsAfter { get; init { Durations.ThrowIfNoDelay(value); field = value; } }

    internal RunOptions Options { get; }

    internal Func<RunOptions, CancellationToken, Task<PipelineRun>> Start { get; }

    /// <summary>Returns a run of a pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="options">How. The clock, where jobs start and, unless it is given, what runs processes are the tester's.</param>
    public static TestRun Of(Pipeline pipeline, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new(pipeline.StartAsync, options);
    }

    /// <summary>Returns a run that goes on with one that broke off, was cancelled or was left at an approval.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="runId">The run.</param>
    /// <param name="options">How; it names the store.</param>
    public static TestRun Resuming(Pipeline pipeline, string runId, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new((given, cancellationToken) => pipeline.ResumeAsync(runId, given, cancellationToken), options);
    }

    /// <summary>Returns a run that takes over what an ended run did well.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="runId">The run that ended.</param>
    /// <param name="from">What is done again.</param>
    /// <param name="options">How; it names the store.</param>
    public static TestRun Restarting(Pipeline pipeline, string runId, RestartFrom from, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new((given, cancellationToken) => pipeline.RestartAsync(runId, from, given, cancellationToken), options);
    }
}

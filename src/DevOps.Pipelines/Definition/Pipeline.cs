using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A pipeline that was checked and does not change any more. Each run has state of its own, so several may run at once.</summary>
public sealed class Pipeline
{
    private readonly Lazy<RunGraph> _graph;

    internal Pipeline(PipelineBuilder builder, PostConditions post)
    {
        (Builder, Name, Jobs, Stages, Parameters, Post) = (builder, builder.Name, [.. builder.Jobs], [.. builder.Stages], [.. builder.Parameters], post);
        _graph = new(() => RunGraph.Create(this, [.. Jobs], ParameterValues.None));
    }

    /// <summary>Gets the pipeline's name.</summary>
    public string Name { get; }

    /// <summary>Gets the jobs, in the order they were added.</summary>
    public ImmutableArray<Job> Jobs { get; }

    /// <summary>Gets the stages, in order.</summary>
    public ImmutableArray<Stage> Stages { get; }

    /// <summary>Gets what a run can be told, in the order it was added.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>Gets what is worth knowing and no mistake, as that a resumed run runs a job again because its result cannot be written down.</summary>
    public ImmutableArray<string> Remarks => [.. DefinitionChecks.FindRemarks(Jobs)];

    internal PipelineBuilder Builder { get; }

    internal PostConditions Post { get; }

    /// <summary>Gets the graph of a run of all jobs; shared by such runs.</summary>
    internal RunGraph WholeGraph => _graph.Value;

    /// <summary>Says what a run would do, without doing any of it.</summary>
    /// <param name="options">Which run; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <exception cref="ParameterException">The parameters are not what the pipeline asks for.</exception>
    /// <exception cref="PlanException">A job that was asked for does not exist, or does not run with these parameters.</exception>
    public PipelinePlan Plan(RunOptions? options = null) => Planner.Plan(this, options ?? RunOptions.Default);

    /// <summary>Runs the pipeline: each job starts the moment all that it waits for has ended.</summary>
    /// <param name="options">How; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run: jobs at work are told, processes they started are ended, jobs not started are cancelled, and what always runs is run.</param>
    /// <returns>How each job ended. A job that fails, or a cancellation, is a result and no exception.</returns>
    /// <exception cref="ParameterException">The parameters are not what the pipeline asks for.</exception>
    /// <exception cref="PlanException">A job that was asked for does not exist, or does not run with these parameters.</exception>
    /// <exception cref="DevOpsException">The journal of the run cannot be written; nothing new was started after that.</exception>
    public async Task<PipelineResult> RunAsync(RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using PipelineRun run = await StartAsync(options, cancellationToken).ConfigureAwait(false);
        return await run.Completion.ConfigureAwait(false);
    }

    /// <summary>Starts a run, to watch and steer it.</summary>
    /// <param name="options">How; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run; dispose it when its <see cref="PipelineRun.Completion"/> has ended.</returns>
    /// <exception cref="ParameterException">The parameters are not what the pipeline asks for.</exception>
    /// <exception cref="PlanException">A job that was asked for does not exist, or does not run with these parameters.</exception>
    /// <exception cref="DevOpsException">The journal of the run cannot be written; nothing was started.</exception>
    public Task<PipelineRun> StartAsync(RunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunStarter.StartAsync(this, options ?? RunOptions.Default, cancellationToken);
}

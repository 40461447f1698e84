using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A pipeline that was checked and does not change any more. Each run has state of its own, so several may run at once.</summary>
public sealed class Pipeline
{
    private readonly Lazy<RunGraph> _graph;

    internal Pipeline(PipelineBuilder builder, PostConditions post)
    {
        (Builder, Name, Jobs, Stages, Parameters, Post) = (builder, builder.Name, [.. builder.Jobs], [.. builder.Stages], [.. builder.Parameters], post);
        Preconditions = [.. builder.Preconditions];
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

    internal ImmutableArray<RunCondition> Preconditions { get; }

    /// <summary>Gets the graph of a run of all jobs; shared by such runs.</summary>
    internal RunGraph WholeGraph => _graph.Value;

    /// <summary>Looks for the values of the parameters in several places, and checks them.</summary>
    /// <param name="sources">The places.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>What was found, for <see cref="RunOptions.Parameters"/> and <see cref="RunOptions.Secrets"/>.</returns>
    /// <exception cref="ParameterException">Something is missing, unknown or no such value, or the file cannot be read; tells all at once.</exception>
    /// <exception cref="SecretSourceException">The source of secrets failed.</exception>
    public Task<ParameterInput> ReadParametersAsync(ParameterSources sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return new ParameterReader(this, sources).ReadAsync(cancellationToken);
    }

    /// <summary>Says what a run would do, without doing any of it.</summary>
    /// <param name="options">Which run; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <exception cref="ParameterException">The parameters are not what the pipeline asks for.</exception>
    /// <exception cref="PlanException">A job that was asked for does not exist, or does not run with these parameters.</exception>
    /// <exception cref="PreconditionException">What the pipeline, or jobs that would run, require does not hold; tells all that does not.</exception>
    public PipelinePlan Plan(RunOptions? options = null) => Planner.Plan(this, options ?? RunOptions.Default);

    /// <summary>Runs the pipeline: each job starts the moment all that it waits for has ended.</summary>
    /// <param name="options">How; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run: jobs at work are told, processes they started are ended, jobs not started are cancelled, and what always runs is run.</param>
    /// <returns>How each job ended. A job that fails, or a cancellation, is a result and no exception.</returns>
    /// <exception cref="ParameterException">The parameters are not what the pipeline asks for.</exception>
    /// <exception cref="PlanException">A job that was asked for does not exist, or does not run with these parameters.</exception>
    /// <exception cref="PreconditionException">What the pipeline, or jobs that would run, require does not hold; tells all that does not.</exception>
    /// <exception cref="DevOpsException">The journal of the run cannot be written; nothing new was started after that.</exception>
    public async Task<PipelineResult> RunAsync(RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        PipelineRun run = await StartAsync(options, cancellationToken).ConfigureAwait(false);
        return await run.Completion.ConfigureAwait(false);
    }

    /// <summary>Starts a run, to watch and steer it.</summary>
    /// <param name="options">How; <see cref="RunOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run; dispose it when its <see cref="PipelineRun.Completion"/> has ended.</returns>
    /// <exception cref="ParameterException">The parameters are not what the pipeline asks for.</exception>
    /// <exception cref="PlanException">A job that was asked for does not exist, or does not run with these parameters.</exception>
    /// <exception cref="PreconditionException">What the pipeline, or jobs that would run, require does not hold; tells all that does not.</exception>
    /// <exception cref="DevOpsException">The journal of the run cannot be written; nothing was started.</exception>
    public Task<PipelineRun> StartAsync(RunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunStarter.StartAsync(this, options ?? RunOptions.Default, cancellationToken);

    /// <summary>Goes on with a run that broke off, was cancelled or was left at an approval: jobs that are written down as finished are not run again, all others are.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="options">How; it names the store. Parameters, and which jobs take part, are those that the run began with; only secrets are given again.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run; dispose it when its <see cref="PipelineRun.Completion"/> has ended.</returns>
    /// <exception cref="RunNotFoundException">The store has no such run.</exception>
    /// <exception cref="RunLeaseException">Another process works on the run.</exception>
    /// <exception cref="RunEndedException">The run has ended: restart it.</exception>
    /// <exception cref="PipelineChangedException">The pipeline is not the one that the run began with; tells what changed.</exception>
    /// <exception cref="PreconditionException">What jobs that have yet to run require does not hold.</exception>
    /// <exception cref="JobsInDoubtException">Jobs had started and nobody knows how they ended, and their policy is to ask.</exception>
    /// <exception cref="JournalDamagedException">The journal is not what was written.</exception>
    public Task<PipelineRun> ResumeAsync(string runId, RunOptions options, CancellationToken cancellationToken = default) =>
        RunStarter.ResumeAsync(this, runId, options, cancellationToken);

    /// <summary>Starts a new run that takes over what an ended run did well, and does the rest again.</summary>
    /// <param name="runId">The run that ended.</param>
    /// <param name="from">What is done again; besides it all that waits for it, and all that did not end well.</param>
    /// <param name="options">How; it names the store. Parameters are those of the ended run, as far as the options do not give others.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run; dispose it when its <see cref="PipelineRun.Completion"/> has ended.</returns>
    /// <exception cref="RunNotFoundException">The store has no such run.</exception>
    /// <exception cref="PipelineChangedException">The pipeline is not the one that the run began with; tells what changed.</exception>
    /// <exception cref="PlanException">There is nothing of that name to restart from.</exception>
    public Task<PipelineRun> RestartAsync(string runId, RestartFrom from, RunOptions options, CancellationToken cancellationToken = default) =>
        RunStarter.RestartAsync(this, runId, from, options, cancellationToken);
}

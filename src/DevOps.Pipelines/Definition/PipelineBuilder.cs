namespace DevOps.Pipelines;

/// <summary>Collects the jobs of a pipeline. <see cref="Build"/> freezes it.</summary>
public sealed class PipelineBuilder
{
    private readonly List<Job> _jobs = [];
    private readonly List<Stage> _stages = [];
    private readonly List<Parameter> _parameters = [];
    private PostConditions _post = PostConditions.None;
    private bool _built;

    /// <summary>Starts a pipeline.</summary>
    /// <param name="name">The pipeline's name.</param>
    public PipelineBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    internal PipelineBuilder(string name, PipelineBuilder parent) : this(name) => Parent = parent;

    /// <summary>Gets the pipeline's name.</summary>
    public string Name { get; }

    /// <summary>Gets the pipeline that this one adds jobs to while it runs, if it does.</summary>
    internal PipelineBuilder? Parent { get; }

    internal IReadOnlyList<Job> Jobs => _jobs;

    internal IReadOnlyList<Stage> Stages => _stages;

    internal IReadOnlyList<Parameter> Parameters => _parameters;

    internal List<RunCondition> Preconditions { get; } = [];

    internal bool HasPost => _post.Work.Length > 0;

    /// <summary>Adds a job without a result.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="run">The work. It starts on a thread of the pool.</param>
    /// <returns>The job, for others to need.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job AddJob(string name, Func<JobContext, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(new Job(this, CheckName(name), job => JobWork.InvokeAsync(run, job)));
    }

    /// <summary>Adds a job with a result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="name">The job's name.</param>
    /// <param name="run">The work. It starts on a thread of the pool.</param>
    /// <returns>The job, for others to need; its result is read with <see cref="JobContext.Get{T}(Job{T})"/>.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job<T> AddJob<T>(string name, Func<JobContext, Task<T>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(new Job<T>(this, CheckName(name), job => JobWork.InvokeAsync(run, job)));
    }

    /// <summary>Adds a job that runs at the very end, after all other jobs ended, however they ended, also when the run was cancelled.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="run">The work. After a cancellation it has <see cref="RunOptions.TeardownTimeout"/>.</param>
    /// <returns>The job; only other final jobs can need it.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job AddFinally(string name, Func<JobContext, Task> run) =>
        AddJob(name, run).Change(settings => settings with { IsFinal = true, RunsAlways = true });

    /// <summary>Adds jobs that are only known once a run has come so far.</summary>
    /// <typeparam name="T">The type of the value that tells which jobs.</typeparam>
    /// <param name="name">A name for all of them.</param>
    /// <param name="source">The job whose result tells which jobs.</param>
    /// <param name="add">Adds the jobs; they may need each other and jobs of this pipeline. It must add the same jobs for the same value, because a resumed run asks it again.</param>
    /// <returns>A handle of all of them: it ends when the last one did, as the worst of them.</returns>
    /// <remarks>Names are checked against those of the whole run, and circles through jobs that wait for this group are refused: the group fails with the path, and none of its jobs runs.</remarks>
    /// <exception cref="ArgumentException">The name is empty, or the job is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public JobGroup AddJobs<T>(string name, Job<T> source, Action<PipelineBuilder, T> add)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(add);
        JobNeeds.Check(this, CheckName(name), [source]);
        return Add(new JobGroup(this, name, job =>
        {
            PipelineBuilder more = new(name, this);
            add(more, job.Get(source));
            more._built = true;
            return new(more);
        })).Needs(source);
    }

    /// <summary>Adds a stage after those that were added before.</summary>
    /// <param name="name">The stage's name.</param>
    /// <returns>The stage, for <see cref="JobStages.InStage{TJob}"/>.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Stage AddStage(string name)
    {
        CheckName(name);
        ThrowIfBuilt();
        Stage stage = new(this, name, _stages.Count);
        _stages.Add(stage);
        return stage;
    }

    /// <summary>Says what happens after a run, by how it ended. It happens once, after the last job.</summary>
    /// <param name="post">The conditions and their work.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public PipelineBuilder WithPost(PostConditions post)
    {
        ArgumentNullException.ThrowIfNull(post);
        ThrowIfBuilt();
        _post = post;
        return this;
    }

    /// <summary>Checks the whole and freezes it.</summary>
    /// <returns>The pipeline, which can run any number of times.</returns>
    /// <exception cref="PipelineDefinitionException">Names are not unique, jobs wait for each other in a circle, or settings cannot be met; lists everything that is wrong.</exception>
    public Pipeline Build()
    {
        List<string> problems = [.. DefinitionChecks.FindProblems(this), .. GraphChecks.FindProblems(this)];
        if (problems.Count > 0)
        {
            throw new PipelineDefinitionException(Name, problems);
        }

        _built = true;
        return new(this, _post);
    }

    /// <summary>Returns whether this is another builder, or adds jobs to what that one built.</summary>
    internal bool IsOrJoins(PipelineBuilder other)
    {
        for (PipelineBuilder? at = this; at is not null; at = at.Parent)
        {
            if (at == other)
            {
                return true;
            }
        }

        return false;
    }

    internal void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException($"The pipeline '{Name}' was built and cannot change. Add jobs and needs before Build.");
        }
    }

    internal T Add<T>(T job)
        where T : Job
    {
        ThrowIfBuilt();
        _jobs.Add(job);
        return job;
    }

    internal Parameter<T> Add<T>(Parameter<T> parameter)
    {
        ThrowIfBuilt();
        _parameters.Add(parameter);
        return parameter;
    }

    internal static string CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.AsSpan().ContainsAnyInRange('\0', '\x1f') || name.Length > 200)
        {
            throw new ArgumentException("A name has at most 200 characters, and no control characters.", nameof(name));
        }

        return name;
    }
}

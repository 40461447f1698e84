using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>A job of a pipeline. The handle is what other jobs need.</summary>
/// <remarks>What a job waits for, when it runs and how it fails is said with the extension methods of <see cref="JobNeeds"/>, <see cref="JobConditions"/>, <see cref="JobLimits"/> and <see cref="JobResilience"/>, each of which returns the job.</remarks>
public class Job
{
    private const int ManyEdges = 32;

    private HashSet<JobEdge>? _knownEdges;

    internal Job(PipelineBuilder pipeline, string name, Func<JobContext, ValueTask<object?>> run) => (Pipeline, Name, Run) = (pipeline, name, run);

    /// <summary>Gets the job's name, unique in its pipeline whatever its case.</summary>
    public string Name { get; }

    /// <summary>Gets the jobs whose success this one waits for, optional ones included, in the order they were named.</summary>
    public ImmutableArray<Job> Needed => [.. Edges.Where(edge => edge.Kind != EdgeKind.Order).Select(edge => edge.Job)];

    /// <summary>Gets the stage that the job is in, if it is in one.</summary>
    public Stage? Stage { get; internal set; }

    /// <summary>Gets what the job is for, for lists of jobs.</summary>
    public string? Description => Settings.Description;

    internal PipelineBuilder Pipeline { get; }

    internal Func<JobContext, ValueTask<object?>> Run { get; }

    internal JobSettings Settings { get; set; } = JobSettings.Default;

    internal List<JobEdge> Edges { get; } = [];

    /// <summary>Gets the jobs without whose results the work cannot be called.</summary>
    internal ImmutableArray<Job> Taken { get; set; } = [];

    /// <summary>Gets the jobs that join a plan because this one is in it.</summary>
    internal List<Job> Triggered { get; } = [];

    /// <summary>Gets how its result is written to a journal, or <see langword="null"/> if it has none or cannot be written.</summary>
    internal virtual ResultCodec? Codec => null;

    /// <summary>Gets the result's type, or <see langword="null"/>.</summary>
    internal virtual Type? ResultType => null;

    internal virtual JobKind Kind => JobKind.Work;

    /// <summary>Adds what the job waits for, unless it is there. A job may wait for a hundred thousand others.</summary>
    internal void AddEdge(JobEdge edge)
    {
        if (Edges.Count < ManyEdges)
        {
            if (!Edges.Contains(edge))
            {
                Edges.Add(edge);
            }
        }
        else if ((_knownEdges ??= [.. Edges]).Add(edge))
        {
            Edges.Add(edge);
        }
    }

    internal bool CanRead(Job job)
    {
        foreach (JobEdge edge in Edges)
        {
            if (edge.Job == job && edge.Kind != EdgeKind.Order)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the job's name.</summary>
    public override string ToString() => Name;
}

namespace DevOps.Pipelines;

/// <summary>Jobs that are only known once a run has come so far. The handle stands for all of them: what needs it waits for their end.</summary>
public sealed class JobGroup : Job
{
    internal JobGroup(PipelineBuilder pipeline, string name, Func<JobContext, ValueTask<object?>> run) : base(pipeline, name, run)
    {
    }

    internal override JobKind Kind => JobKind.Group;
}

namespace DevOps.Pipelines;

/// <summary>Stands behind the jobs of a stage: it ends when all of them did, as well as the worst of them.</summary>
internal sealed class StageGate(PipelineBuilder pipeline, string name) : Job(pipeline, name, static _ => default)
{
    internal override JobKind Kind => JobKind.Gate;

    /// <summary>Gets whether it stands before what runs at the very end.</summary>
    internal bool IsEnd { get; init; }
}

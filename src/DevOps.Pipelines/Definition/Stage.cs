namespace DevOps.Pipelines;

/// <summary>A stage of a pipeline: its jobs start only after all jobs of the stages before it ended well. Jobs without a stage keep to their needs alone.</summary>
public sealed class Stage
{
    internal Stage(PipelineBuilder pipeline, string name, int order) => (Pipeline, Name, Order) = (pipeline, name, order);

    /// <summary>Gets the stage's name, unique among the pipeline's stages and jobs whatever its case.</summary>
    public string Name { get; }

    internal PipelineBuilder Pipeline { get; }

    internal int Order { get; }

    /// <summary>Returns the stage's name.</summary>
    public override string ToString() => Name;
}

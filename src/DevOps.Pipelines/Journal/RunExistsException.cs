namespace DevOps.Pipelines;

/// <summary>A run cannot be created because there is one with its id.</summary>
public sealed class RunExistsException(string runId, string store) : DevOpsException(
    $"The run '{runId}' cannot be created: {store} holds a run with this id. Open that one to go on with it, or choose another id.")
{
    /// <summary>Gets the id.</summary>
    public string RunId { get; } = runId;
}

namespace DevOps.Pipelines;

/// <summary>There is no run with such an id.</summary>
public sealed class RunNotFoundException(string runId, string store) : DevOpsException(
    $"The run '{runId}' is not in {store}. Check the id and the store; a run that was deleted or pruned cannot be continued.")
{
    /// <summary>Gets the id.</summary>
    public string RunId { get; } = runId;
}

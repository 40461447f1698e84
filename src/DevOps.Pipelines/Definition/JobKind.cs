namespace DevOps.Pipelines;

/// <summary>What a node of the graph does.</summary>
internal enum JobKind
{
    /// <summary>Runs a delegate.</summary>
    Work,

    /// <summary>Waits for people, and holds nothing meanwhile.</summary>
    Approval,

    /// <summary>Runs a delegate that adds jobs, and ends when they did.</summary>
    Group,

    /// <summary>Stands between a stage and the next, or before what runs at the very end. It is not shown.</summary>
    Gate,
}

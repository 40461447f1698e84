namespace DevOps.Pipelines;

/// <summary>Says which of several runs that wait for a resource has it next.</summary>
public enum ResourceGroupMode
{
    /// <summary>Any, as jobs start otherwise: by priority, then by who came first.</summary>
    Unordered,

    /// <summary>The run that started first.</summary>
    OldestFirst,

    /// <summary>The run that started last.</summary>
    NewestFirst,
}

namespace DevOps.Pipelines;

/// <summary>Says what to do with a job of which nobody knows how it ended.</summary>
public enum InDoubtAnswer
{
    /// <summary>Run it again.</summary>
    Rerun,

    /// <summary>Count it as failed.</summary>
    Fail,

    /// <summary>Do not resume the run now.</summary>
    Refuse,
}

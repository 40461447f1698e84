namespace DevOps.Pipelines;

/// <summary>How a job or a run ended, from best to worst.</summary>
public enum Outcome
{
    /// <summary>It did what it should.</summary>
    Success,

    /// <summary>It did not start, because something that it needs did not succeed.</summary>
    Skipped,

    /// <summary>It was stopped before its end.</summary>
    Cancelled,

    /// <summary>It failed.</summary>
    Failure,
}

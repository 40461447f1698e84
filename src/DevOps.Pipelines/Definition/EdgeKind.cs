namespace DevOps.Pipelines;

/// <summary>How one job waits for another.</summary>
internal enum EdgeKind
{
    /// <summary>The other must have succeeded.</summary>
    Need,

    /// <summary>The other must have succeeded if it takes part in the run, and counts for nothing if it is left out or skipped.</summary>
    Optional,

    /// <summary>The other must have ended, however, if it takes part in the run.</summary>
    Order,
}

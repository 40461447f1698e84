namespace DevOps.Pipelines;

/// <summary>What a record of a run's journal tells; the first byte of the record. Numbers are never given to another meaning.</summary>
internal enum RecordKind : byte
{
    /// <summary>The run began: what it was asked for, and the graph.</summary>
    Began = 1,

    /// <summary>An attempt of a job starts.</summary>
    JobStarted = 2,

    /// <summary>A job ended.</summary>
    JobFinished = 3,

    /// <summary>An approval waits for people.</summary>
    ApprovalRequested = 4,

    /// <summary>A person decided.</summary>
    ApprovalDecided = 5,

    /// <summary>The run ended.</summary>
    Finished = 6,

    /// <summary>The run was taken up again.</summary>
    Resumed = 7,
}

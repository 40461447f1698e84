namespace DevOps.Pipelines;

/// <summary>When work that follows a job runs, in the order in which conditions are met.</summary>
internal enum PostCondition
{
    Always,
    Changed,
    Fixed,
    Regression,
    Aborted,
    Success,
    Unsuccessful,
    Unstable,
    Failure,
    NotBuilt,
    Cleanup,
}

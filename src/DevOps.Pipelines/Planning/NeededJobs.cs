namespace DevOps.Pipelines;

/// <summary>Says what becomes of the jobs that a job which was asked for needs.</summary>
public enum NeededJobs
{
    /// <summary>They run first.</summary>
    Run,

    /// <summary>They are left out, and count as if they were there; jobs that were asked for keep the order among each other. Results that are left out cannot be read.</summary>
    LeaveOut,
}

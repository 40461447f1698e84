namespace DevOps.Pipelines;

/// <summary>Says of which jobs a view shows the output of processes.</summary>
public enum ShownOutput
{
    /// <summary>Of jobs that failed, when they did.</summary>
    OfFailedJobs,

    /// <summary>Of all jobs, line by line as it comes.</summary>
    OfAllJobs,
}

namespace DevOps.Pipelines;

/// <summary>Says what a failed step does to its job.</summary>
public enum StepFailure
{
    /// <summary>The error goes on to the job's code, and fails the job if that does not catch it.</summary>
    Throw,

    /// <summary>The job goes on and is unstable at its end.</summary>
    MarkUnstable,

    /// <summary>The job goes on as if nothing had happened; only the step shows the failure.</summary>
    Ignore,
}

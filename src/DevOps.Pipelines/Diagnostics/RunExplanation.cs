namespace DevOps.Pipelines;

/// <summary>Explains what happened in a run.</summary>
public static class RunExplanation
{
    /// <summary>Says in words why a job ran, was skipped or was cancelled, what it waited for, how its attempts ended, and what its end meant to the run.</summary>
    /// <param name="result">How the run ended; one that was read back from a journal will do.</param>
    /// <param name="jobName">The job's name; case does not count.</param>
    /// <returns>Lines that each end with a line feed. No secret is in them.</returns>
    /// <exception cref="ArgumentException">The run has no such job.</exception>
    public static string Explain(this PipelineResult result, string jobName)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(jobName);
        return new JobExplanation(result).Explain(jobName);
    }
}

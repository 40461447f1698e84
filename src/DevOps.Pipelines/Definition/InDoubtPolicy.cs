namespace DevOps.Pipelines;

/// <summary>Says what a resumed run does with a job that had started and of which nobody knows how it ended.</summary>
public enum InDoubtPolicy
{
    /// <summary>Runs it again. It finds the same <see cref="JobContext.IdempotencyKey"/> as before.</summary>
    Rerun,

    /// <summary>Counts it as failed.</summary>
    Fail,

    /// <summary>Asks whoever resumes: see <see cref="RunOptions.InDoubt"/>; without an answer the resume is refused.</summary>
    Ask,
}

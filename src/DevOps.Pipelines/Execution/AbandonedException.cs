namespace DevOps.Pipelines;

/// <summary>Tells the thread of a job that another ended the job's attempt in its stead.</summary>
internal sealed class AbandonedException : Exception;

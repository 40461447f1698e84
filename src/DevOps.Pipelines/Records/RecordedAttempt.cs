namespace DevOps.Pipelines;

/// <summary>The last attempt of a job that an earlier part of the run began.</summary>
internal sealed record RecordedAttempt(string Job, int Number, DateTimeOffset StartedAt);

namespace DevOps.Pipelines;

/// <summary>What is remembered of the last completed run of a pipeline, and of what its jobs took in the last runs.</summary>
internal sealed record PreviousRun(string RunId, Outcome Outcome, IReadOnlyDictionary<string, Outcome> Jobs, IReadOnlyDictionary<string, TimeSpan> Durations);

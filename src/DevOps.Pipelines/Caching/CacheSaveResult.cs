namespace DevOps.Pipelines;

/// <summary>What came of saving to a cache.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">Why, as a sentence; a warning if it failed.</param>
public sealed record CacheSaveResult(CacheSaveOutcome Outcome, string Reason);

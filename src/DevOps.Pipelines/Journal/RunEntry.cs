namespace DevOps.Pipelines;

/// <summary>A run in a store.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="CreatedAt">When it was created, by the clock of its creator, in whole milliseconds; <see langword="null"/> if its journal does not say, as one that is damaged.</param>
public sealed record RunEntry(string Id, DateTimeOffset? CreatedAt);

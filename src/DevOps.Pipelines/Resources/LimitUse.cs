namespace DevOps.Pipelines;

/// <summary>A job's share of a limit.</summary>
internal readonly record struct LimitUse(ConcurrencyLimit Limit, int Units);

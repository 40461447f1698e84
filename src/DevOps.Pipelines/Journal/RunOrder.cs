namespace DevOps.Pipelines;

/// <summary>The order in which stores list runs.</summary>
internal static class RunOrder
{
    internal static IEnumerable<RunEntry> NewestFirst(IEnumerable<RunEntry> runs) =>
        runs.OrderByDescending(run => run.CreatedAt ?? DateTimeOffset.MinValue).ThenBy(run => run.Id, StringComparer.Ordinal);
}

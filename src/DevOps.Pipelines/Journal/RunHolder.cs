namespace DevOps.Pipelines;

/// <summary>Who holds the lease of a run.</summary>
/// <param name="Machine">The machine's name, as its options say.</param>
/// <param name="ProcessId">The process on it.</param>
/// <param name="Since">When it took the lease, by its clock.</param>
public sealed record RunHolder(string Machine, int ProcessId, DateTimeOffset Since);

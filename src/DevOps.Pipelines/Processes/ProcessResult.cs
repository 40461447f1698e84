namespace DevOps.Pipelines;

/// <summary>What came out of a process that succeeded.</summary>
/// <param name="Output">The standard output, lines ended by <c>\n</c>; cut at <see cref="ProcessOptions.MaxOutputLength"/>.</param>
public sealed record ProcessResult(string Output);

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What came out of tests that all passed.</summary>
/// <param name="Reports">The full paths of the files that were written to the results directory, in ordinal order.</param>
/// <param name="Process">What came out of the process.</param>
public sealed record DotNetTestResult(ImmutableArray<string> Reports, ProcessResult Process);

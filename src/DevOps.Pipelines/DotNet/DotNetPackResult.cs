using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What was packed.</summary>
/// <param name="Packages">The full paths of the packages (<c>.nupkg</c>) of this step, in ordinal order.</param>
/// <param name="SymbolPackages">The full paths of the packages with symbols (<c>.snupkg</c>) of this step, in ordinal order.</param>
/// <param name="Process">What came out of the process.</param>
public sealed record DotNetPackResult(ImmutableArray<string> Packages, ImmutableArray<string> SymbolPackages, ProcessResult Process);

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What a copy of a checkout holds.</summary>
/// <param name="FileCount">How many files and links were copied.</param>
/// <param name="Missing">The tracked files that are not in the checkout, most often because they were deleted, in git's order.</param>
/// <param name="Repositories">The directories that are git repositories of their own, submodules among them, which are not copied, in git's order.</param>
public sealed record GitCopyResult(int FileCount, ImmutableArray<string> Missing, ImmutableArray<string> Repositories);

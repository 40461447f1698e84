namespace DevOps.Pipelines;

/// <summary>A version that was derived from tags.</summary>
/// <param name="Version">The version.</param>
/// <param name="Tag">The name of the tag that it comes from, or <see langword="null"/> if no tag is reachable.</param>
/// <param name="Height">How many commits are reachable from the commit and not from the tag; without a tag, how many there are beside the first.</param>
/// <param name="Commit">The commit that has this version.</param>
public sealed record GitVersion(SemanticVersion Version, string? Tag, int Height, GitCommit Commit);

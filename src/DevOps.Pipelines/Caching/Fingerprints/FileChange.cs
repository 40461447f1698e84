namespace DevOps.Pipelines;

/// <summary>A file that differs from an earlier time.</summary>
/// <param name="Path">The path from the root.</param>
/// <param name="Change">How it differs.</param>
public readonly record struct FileChange(string Path, InputChangeKind Change);

namespace DevOps.Pipelines;

/// <summary>The place of a secret: from one position up to, and without, another.</summary>
internal readonly record struct Mark(long Start, long End);

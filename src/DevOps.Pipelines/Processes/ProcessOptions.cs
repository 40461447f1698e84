using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls how a process runs.</summary>
public sealed record ProcessOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ProcessOptions Default { get; } = new();

    /// <summary>Gets the directory that the process starts in.</summary>
    /// <value>The program's own working directory by default.</value>
    public string? WorkingDirectory { get; init; }

    /// <summary>Gets variables that are added to the inherited environment; a <see langword="null"/> value removes one.</summary>
    /// <value>Empty by default.</value>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Gets how many characters of the standard output are kept for <see cref="ProcessResult.Output"/>; lines after that are only logged.</summary>
    /// <value>1 Mi by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxOutputLength { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1 << 20;
}

namespace DevOps.Pipelines;

/// <summary>Controls how an artifact is restored.</summary>
public sealed record ArtifactRestoreOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ArtifactRestoreOptions Default { get; } = new();

    /// <summary>Gets what happens to files that are there already.</summary>
    /// <value><see cref="ExistingFiles.Replace"/> by default.</value>
    public ExistingFiles Existing { get; init; }

    /// <summary>Gets how many files, links and directories an artifact may have together.</summary>
    /// <value>1,000,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxFiles { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1_000_000;

    /// <summary>Gets how many bytes its files may have together, unpacked.</summary>
    /// <value>64 GiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 64L << 30;

    /// <summary>Gets the clock that tells whether an artifact has expired.</summary>
    /// <value>The system's clock by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;
}

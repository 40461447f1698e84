namespace DevOps.Pipelines;

/// <summary>Controls how inputs are read for a fingerprint. Nothing here but <see cref="Unmatched"/> changes what it is.</summary>
public sealed record FingerprintOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static FingerprintOptions Default { get; } = new();

    /// <summary>Gets what happens when patterns of files choose nothing.</summary>
    /// <value><see cref="UnmatchedPatterns.FailWhenAll"/> by default: each input of files must have one, or a wrong path would make a fingerprint that never changes.</value>
    public UnmatchedPatterns Unmatched { get; init; } = UnmatchedPatterns.FailWhenAll;

    /// <summary>Gets how many files are read at once.</summary>
    /// <value>The number of processors, at most 16, by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>Gets how many files, links and directories one input may have.</summary>
    /// <value>1,000,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxFiles { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1_000_000;

    /// <summary>Gets how many bytes the files of one input may have together.</summary>
    /// <value>64 GiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 64L << 30;

    /// <summary>Gets up to how many files of one input the record names, so that changed ones can be told; with more it names none.</summary>
    /// <value>100,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRecordedFiles { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 100_000;
}

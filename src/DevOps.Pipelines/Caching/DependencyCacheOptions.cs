namespace DevOps.Pipelines;

/// <summary>Controls a dependency cache.</summary>
public sealed record DependencyCacheOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DependencyCacheOptions Default { get; } = new();

    /// <summary>Gets how many bytes the store may hold; kept where the store is an <see cref="IArtifactTrimmer"/>. An entry of more than half of it is not saved: it would push out all others.</summary>
    /// <value>20 GiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 20L << 30;

    /// <summary>Gets how many entries are known; of more, those that were not used for longest are forgotten.</summary>
    /// <value>1,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxEntries { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1000;

    /// <summary>Gets how entries are saved.</summary>
    /// <value>The default options, but only all patterns together must choose a file.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ArtifactSaveOptions Saving { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = new() { Unmatched = UnmatchedPatterns.FailWhenAll };

    /// <summary>Gets how entries are restored.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ArtifactRestoreOptions Restoring { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = ArtifactRestoreOptions.Default;
}

using DevOps.Archives.Compression;
using DevOps.Archives.Directories;

namespace DevOps.Pipelines;

/// <summary>Controls how files are saved.</summary>
public sealed record ArtifactSaveOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ArtifactSaveOptions Default { get; } = new();

    /// <summary>Gets what happens when a pattern chooses no file.</summary>
    /// <value><see cref="UnmatchedPatterns.Fail"/> by default.</value>
    public UnmatchedPatterns Unmatched { get; init; }

    /// <summary>Gets how many files, links and directories may be chosen together.</summary>
    /// <value>1,000,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxFiles { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1_000_000;

    /// <summary>Gets how many bytes the chosen files may have together.</summary>
    /// <value>64 GiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 64L << 30;

    /// <summary>Gets which permission bits are kept. Changes the digest.</summary>
    /// <value><see cref="FileModes.Preserve"/> by default: read, write and execute bits as they are. With <see cref="FileModes.Normalize"/>, another umask changes no digest. On Windows, where files have none, they are always normalised.</value>
    public FileModes Modes { get; init; } = FileModes.Preserve;

    /// <summary>Gets how much work the compression is. Changes the digest.</summary>
    /// <value><see cref="DeflateLevel.Fast"/> by default.</value>
    public DeflateLevel Level { get; init; } = DeflateLevel.Fast;

    /// <summary>Gets how long the files are kept.</summary>
    /// <value><see langword="null"/> by default: they do not expire.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? ExpireAfter
    {
        get;
        init
        {
            if (value is { } time)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Gets the directory for the packed file until the store has it.</summary>
    /// <value>The directory for temporary files by default.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string WorkDirectory { get; init { ArgumentException.ThrowIfNullOrEmpty(value); field = value; } } = Path.GetTempPath();

    /// <summary>Gets the clock that <see cref="Artifact.CreatedAt"/> is read from.</summary>
    /// <value>The system's clock by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;

    // A cache stores nothing that would push out all the rest.
    internal long MaxStoredBytes { get; init; } = long.MaxValue;

    internal FileLimits Limits => new(MaxFiles, MaxBytes);
}

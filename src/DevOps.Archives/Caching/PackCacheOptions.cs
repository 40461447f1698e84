namespace DevOps.Archives.Caching;

/// <summary>Controls a cache of packed archives. Nothing here changes the bytes of an archive.</summary>
public sealed record PackCacheOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static PackCacheOptions Default { get; } = new();

    /// <summary>Gets how much the cache may hold, in bytes. When a pack brings it above that, what was not used for longest goes, down to nine tenths of it. One pack adds at most as much.</summary>
    /// <value>8 GiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 8L << 30;

    /// <summary>Gets how an archive is looked up before it is packed.</summary>
    /// <value><see cref="CacheLookup.Status"/> by default.</value>
    public CacheLookup Lookup { get; init; }

    /// <summary>Gets how far apart two writes must be for a file to show two times. A file that was written less than that before the look at it could change again unseen, so its archive is not found by status.</summary>
    /// <value>100 ms by default: what Linux writes to a disk of its own is told apart every 10 ms and better. Where a file's time has no fraction of a second, two seconds are kept in any case.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan ClockGranularity { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets the age at which a half-written file counts as left by a process that was killed, and is removed.</summary>
    /// <value>One hour by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan LeftoverAge { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromHours(1);

    /// <summary>Gets the clock, which must be the one by which files on disk get their times.</summary>
    /// <value><see cref="TimeProvider.System"/> by default.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;
}

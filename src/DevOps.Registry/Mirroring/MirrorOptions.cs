using DevOps.Content;

namespace DevOps.Registry;

/// <summary>Controls how a mirror runs.</summary>
public sealed record MirrorOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static MirrorOptions Default { get; } = new();

    /// <summary>Gets whether the target is changed.</summary>
    /// <value><see cref="MirrorMode.Apply"/> by default.</value>
    public MirrorMode Mode { get; init; }

    /// <summary>Gets how many tags are compared at once.</summary>
    /// <value>8 by default. Each asks one question at each side.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxComparisons { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 8;

    /// <summary>Gets how many tags are copied at once.</summary>
    /// <value>2 by default. Each moves as many pieces at once as its rule's <see cref="CopyPlanOptions.Copy"/> says.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCopies { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 2;

    /// <summary>Gets what remembers what was done.</summary>
    /// <value><see langword="null"/> by default: nothing does, and a run that was cut off begins anew, without moving again what arrived.</value>
    public MirrorJournal? Journal { get; init; }

    /// <summary>Gets who is told of each piece of content while it moves, from several threads; tags are told of apart from that.</summary>
    /// <value><see langword="null"/> by default.</value>
    public IProgress<ContentProgress>? ContentProgress { get; init; }
}

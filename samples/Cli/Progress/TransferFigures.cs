namespace Cli;

/// <summary>How far a transfer is at one moment.</summary>
internal sealed record TransferFigures
{
    /// <summary>Before that, a speed is chance.</summary>
    internal static readonly TimeSpan FirstSpeedAfter = TimeSpan.FromMilliseconds(500);

    internal required long DoneBytes { get; init; }

    /// <summary>Gets how much there is in all; <see langword="null"/> when nobody knows.</summary>
    internal long? TotalBytes { get; init; }

    /// <summary>Gets the speed of the last seconds; <see langword="null"/> when it is too early to tell.</summary>
    internal double? BytesPerSecond { get; init; }

    internal TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many contents have arrived.</summary>
    internal int Finished { get; init; }

    /// <summary>Gets how many contents were there already, or were taken over without being moved.</summary>
    internal int Present { get; init; }

    /// <summary>Gets how far it is, from 0 to 1.</summary>
    internal double? Part => TotalBytes is { } total ? total == 0 ? 1 : Math.Clamp((double)DoneBytes / total, 0, 1) : null;

    /// <summary>Gets how long the rest takes at this speed; <see langword="null"/> when that cannot be said.</summary>
    internal TimeSpan? Remaining => TotalBytes is { } total && BytesPerSecond is > 0 and { } speed && (total - DoneBytes) / speed is >= 0 and < 360_000 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}

namespace DevOps.Archives.Tests.Caching;

/// <summary>The system's clock, ahead or behind: what was written just now looks old, or looks as if it could still be written.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    internal static OffsetClock Ahead { get; } = new(TimeSpan.FromMinutes(1));

    internal static OffsetClock Behind { get; } = new(TimeSpan.FromMinutes(-1));

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}

using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Testing;

public sealed class VirtualClockTests
{
    private readonly VirtualClock _clock = new(new(2026, 5, 1, 12, 0, 0, TimeSpan.FromHours(2)));
    private readonly List<string> _fired = [];

    [Fact]
    public void Advance_FiresInOrderAtTheTimeOfEach()
    {
        using ITimer late = Timer("late", 3, -1);
        using ITimer early = Timer("early", 1, -1);
        using ITimer second = Timer("second", 1, -1);
        using ITimer changed = Timer("changed", 1, -1);
        changed.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using ITimer never = Timer("never", -1, -1);
        Timer("gone", 1, -1).Dispose();

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["early at 1", "second at 1", "changed at 2", "late at 3"], _fired);
        Assert.Equal((0, TimeSpan.FromSeconds(10)), (_clock.TimerCount, _clock.GetElapsedTime(0, _clock.GetTimestamp()) - _clock.GetElapsedTime(0, Start.UtcTicks)));
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresEachTime()
    {
        using ITimer timer = Timer("tick", 1, 2);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["tick at 1", "tick at 3", "tick at 5"], _fired);
    }

    [Fact]
    public void Advance_TimerStartedByATimer_FiresOnTheWay()
    {
        using ITimer first = _clock.CreateTimer(_ => Timer("inner", 2, -1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["inner at 3"], _fired);
    }

    [Fact]
    public void Clock_StartsAtItsTimeInUtc() => Assert.Equal((Start, TimeSpan.Zero), (_clock.GetUtcNow(), _clock.GetUtcNow().Offset));

    private static DateTimeOffset Start => new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);

    private ITimer Timer(string name, int due, int period) => _clock.CreateTimer(
        _ => _fired.Add($"{name} at {(_clock.GetUtcNow() - Start).TotalSeconds}"),
        null,
        due < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(due),
        period < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
}

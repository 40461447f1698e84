namespace DevOps.Pipelines.Testing;

/// <summary>A clock that stands still until it is told to go on. Below a <see cref="PipelineTester"/> it goes on by itself, to the next timer, whenever nothing else is left to do.</summary>
/// <remarks>Timers fire on the thread that moves the clock, one at a time, in the order in which they are due; the clock stands at the time of each while it fires. It can be used from any thread.</remarks>
public sealed class VirtualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<VirtualTimer> _timers = new(Comparer<VirtualTimer>.Create(static (a, b) => a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : a.Sequence.CompareTo(b.Sequence)));
    private DateTimeOffset _now;
    private long _sequence;

    /// <summary>Creates a clock that shows midnight UTC of January 1st, 2030.</summary>
    public VirtualClock() : this(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Creates a clock.</summary>
    /// <param name="start">The time it shows at first.</param>
    public VirtualClock(DateTimeOffset start) => _now = start.ToUniversalTime();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Gets how many timers run.</summary>
    public int TimerCount
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Gets how many timers were started so far, those that were changed included.</summary>
    public long TimersStarted
    {
        get
        {
            lock (_lock)
            {
                return _sequence;
            }
        }
    }

    /// <summary>Gets or sets what is told of each timer that is made, and who it belongs to.</summary>
    internal Func<ITimerOwner?>? OwnerOfNext { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VirtualTimer timer = new(this, callback, state, OwnerOfNext?.Invoke());
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and fires every timer that is due on the way.</summary>
    /// <param name="by">How far.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end = GetUtcNow() + by;
        while (NextDue() is { } next && next <= end)
        {
            MoveTo(next);
            while (TakeDue(0) is { } timer)
            {
                timer.Fire();
            }
        }

        MoveTo(end);
    }

    /// <summary>Returns when the next timer is due, or <see langword="null"/> if none runs.</summary>
    internal DateTimeOffset? NextDue()
    {
        lock (_lock)
        {
            return _timers.Min?.DueAt;
        }
    }

    internal void MoveTo(DateTimeOffset time)
    {
        lock (_lock)
        {
            _now = time > _now ? time : _now;
        }
    }

    /// <summary>Returns how many timers are due at this very time.</summary>
    internal int CountDue()
    {
        lock (_lock)
        {
            return _timers.TakeWhile(timer => timer.DueAt <= _now).Count();
        }
    }

    /// <summary>Takes one of the timers that are due, to be fired.</summary>
    internal VirtualTimer? TakeDue(int which)
    {
        lock (_lock)
        {
            if (_timers.TakeWhile(timer => timer.DueAt <= _now).ElementAtOrDefault(which) is not { } due)
            {
                return null;
            }

            Remove(due);
            if (due.Period > TimeSpan.Zero)
            {
                Add(due, due.DueAt + due.Period);
            }

            return due;
        }
    }

    internal void Start(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            Remove(timer);
            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Add(timer, dueTime > DateTimeOffset.MaxValue - _now ? DateTimeOffset.MaxValue : _now + dueTime);
            }
        }
    }

    private void Add(VirtualTimer timer, DateTimeOffset dueAt)
    {
        (timer.DueAt, timer.Sequence) = (dueAt, ++_sequence);
        _timers.Add(timer);
        timer.Owner?.Started();
    }

    private void Remove(VirtualTimer timer)
    {
        if (_timers.Remove(timer))
        {
            timer.Owner?.Stopped();
        }
    }
}

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What a job gathers over its attempts.</summary>
internal sealed class JobWorkState
{
    private readonly Lock _lock = new();
    private ImmutableArray<StepResult> _steps = [];
    private string? _unstable;

    internal JobLog? LogField;

    internal DateTimeOffset StartedAt { get; set; }

    internal long StartTimestamp { get; set; }

    internal int Attempt { get; set; }

    internal ImmutableArray<JobAttempt> Attempts { get; set; } = [];

    internal AttemptEnd LastEnd { get; set; }

    /// <summary>Gets or sets the span of the current attempt.</summary>
    internal System.Diagnostics.Activity? Activity { get; set; }

    /// <summary>Gets or sets whether the jobs of the group joined the run.</summary>
    internal bool IsExpanded { get; set; }

    internal TimeSpan QueuedFor { get; set; }

    /// <summary>Gets the log; a field, because it is made by the first who writes a line.</summary>
    internal JobLog? Log => Volatile.Read(ref LogField);

    internal ImmutableArray<StepResult> Steps
    {
        get
        {
            lock (_lock)
            {
                return _steps;
            }
        }
    }

    /// <summary>Gets why the job is unstable, if its code said so.</summary>
    internal string? Unstable => Volatile.Read(ref _unstable);

    internal void MarkUnstable(string reason) => Interlocked.CompareExchange(ref _unstable, reason, null);

    internal void Add(StepResult step)
    {
        lock (_lock)
        {
            _steps = _steps.Add(step);
        }
    }

    /// <summary>Forgets what an attempt gathered that another follows.</summary>
    internal void StartOver()
    {
        lock (_lock)
        {
            (_steps, _unstable) = ([], null);
        }
    }
}

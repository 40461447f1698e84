using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What a job gathers over its attempts, if it gathers anything.</summary>
internal sealed class JobWorkState
{
    private ImmutableArray<StepResult> _steps = [];
    private ImmutableArray<Artifact> _artifacts = [];
    private string? _unstable;

    internal JobLog? LogField;

    internal ImmutableArray<JobAttempt> Attempts { get; set; } = [];

    internal AttemptEnd LastEnd { get; set; }

    /// <summary>Gets or sets the span of the current attempt.</summary>
    internal System.Diagnostics.Activity? Activity { get; set; }

    /// <summary>Gets or sets whether the jobs of the group joined the run.</summary>
    internal bool IsExpanded { get; set; }

    /// <summary>Gets or sets what the job's inputs were before it ran.</summary>
    internal FingerprintRecord? Fingerprint { get; set; }

    internal string? CacheNote { get; set; }

    internal ImmutableArray<Artifact> Artifacts
    {
        get
        {
            lock (this)
            {
                return _artifacts;
            }
        }
    }

    internal TimeSpan QueuedFor { get; set; }

    /// <summary>Gets the log; a field, because it is made by the first who writes a line.</summary>
    internal JobLog? Log => Volatile.Read(ref LogField);

    internal ImmutableArray<StepResult> Steps
    {
        get
        {
            lock (this)
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
        lock (this)
        {
            _steps = _steps.Add(step);
        }
    }

    internal void Add(Artifact artifact)
    {
        lock (this)
        {
            _artifacts = _artifacts.Add(artifact);
        }
    }

    /// <summary>Forgets what an attempt gathered that another follows.</summary>
    internal void StartOver()
    {
        lock (this)
        {
            (_steps, _artifacts, _unstable) = ([], [], null);
        }
    }
}

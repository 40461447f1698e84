using System.Diagnostics.CodeAnalysis;

namespace DevOps.Pipelines;

/// <summary>Tells whoever watches a run. No text that leaves here holds a secret.</summary>
/// <remarks>An observer that fails is told nothing more, and changes nothing of the run.</remarks>
internal sealed class RunObserver(RunSetup setup)
{
    private readonly IProgress<PipelineEvent>? _progress = setup.Options.Progress;
    private Exception? _error;

    internal Exception? Error => Volatile.Read(ref _error) ?? Telemetry.Error;

    internal RunTelemetry Telemetry { get; } = new(setup);

    private TimeProvider TimeProvider => setup.Options.TimeProvider;

    [return: NotNullIfNotNull(nameof(text))]
    internal string? Mask(string? text) => text is null ? null : setup.Masker.Mask(text);

    internal void RunStarted()
    {
        Telemetry.RunStarted();
        if (IsOn)
        {
            Report(new RunStarted(TimeProvider.GetUtcNow(), setup.RunId, setup.Pipeline.Name, [.. setup.Graph.Nodes.Where(node => node.Job.Kind != JobKind.Gate).Select(node => node.Job.Name)]));
        }
    }

    internal void RunFinished(PipelineResult result)
    {
        Telemetry.RunFinished(result);
        if (IsOn)
        {
            Report(new RunFinished(TimeProvider.GetUtcNow(), result));
        }
    }

    internal void JobQueued(JobState job)
    {
        if (IsOn)
        {
            Report(new JobQueued(job.Job.Name, TimeProvider.GetUtcNow(), job.QueuedBehind ?? ""));
        }
    }

    internal void JobStarted(JobState job, DateTimeOffset at, int attempt)
    {
        Telemetry.JobStarted(job, attempt);
        if (IsOn)
        {
            Report(new JobStarted(job.Job.Name, at, attempt));
        }
    }

    internal void JobRetried(JobState job, int attempt, JobError error, TimeSpan delay)
    {
        Telemetry.JobRetried(job, attempt, error);
        if (IsOn)
        {
            Report(new JobRetried(job.Job.Name, TimeProvider.GetUtcNow(), attempt, error, delay));
        }
    }

    internal void JobsAdded(JobState group, PipelineBuilder more)
    {
        if (IsOn)
        {
            Report(new JobsAdded(group.Job.Name, TimeProvider.GetUtcNow(), [.. more.Jobs.Select(job => job.Name)]));
        }
    }

    internal void JobFinished(JobState job, JobResult result)
    {
        Telemetry.JobFinished(job, result);
        if (IsOn)
        {
            Report(new JobFinished(job.Job.Name, TimeProvider.GetUtcNow(), result));
        }
    }

    internal void Status(string job, string status)
    {
        if (IsOn)
        {
            Report(new JobStatusChanged(job, TimeProvider.GetUtcNow(), Mask(status)));
        }
    }

    /// <summary>Adds a line to a job's log. The text is masked already.</summary>
    internal void Log(JobState job, LogLine line)
    {
        LazyInitializer.EnsureInitialized(ref job.Work.LogField, () => new(setup.Options)).Add(line);

        if (IsOn)
        {
            Report(new JobLogged(job.Job.Name, line));
        }
    }

    internal void Report(PipelineEvent happened)
    {
        if (!IsOn)
        {
            return;
        }

        try
        {
            _progress!.Report(happened);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _error, e, null);
        }
    }

    private bool IsOn => _progress is not null && Volatile.Read(ref _error) is null;
}

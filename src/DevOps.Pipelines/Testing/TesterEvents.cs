using System.Collections.Immutable;

namespace DevOps.Pipelines.Testing;

/// <summary>Keeps what happened, and hands it on.</summary>
internal sealed class TesterEvents
{
    private readonly Lock _lock = new();
    private readonly List<PipelineEvent> _all = [];

    internal ImmutableArray<PipelineEvent> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    internal IProgress<PipelineEvent> For(IProgress<PipelineEvent>? next, Action<ApprovalRequested> requested) => new Recorder(this, next, requested);

    private sealed class Recorder(TesterEvents events, IProgress<PipelineEvent>? next, Action<ApprovalRequested> requested) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value)
        {
            lock (events._lock)
            {
                events._all.Add(value);
            }

            if (value is ApprovalRequested approval)
            {
                requested(approval);
            }

            next?.Report(value);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DevOps.Pipelines.Tests;

/// <summary>Sees the runs of one pipeline begin and end, in the counter of active ones.</summary>
internal sealed class ActiveRuns : IDisposable
{
    private readonly ConcurrentQueue<long> _changes = new();
    private readonly MeterListener _meters = new();

    internal ActiveRuns(string pipeline)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: PipelineDiagnostics.Name, Name: "cicd.pipeline.run.active" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => Equals(tag.Value, pipeline)))
            {
                _changes.Enqueue(value);
            }
        });
        _meters.Start();
    }

    internal IReadOnlyCollection<long> Changes => _changes;

    public void Dispose() => _meters.Dispose();
}

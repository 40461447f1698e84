using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DevOps.Registry.Tests.Diagnostics;

/// <summary>Listens to the spans and the meter of the package, and keeps what is said of one registry: other tests run beside this one.</summary>
internal sealed class Watched : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meter = new();
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ConcurrentQueue<(string Name, long Value, KeyValuePair<string, object?>[] Tags)> _counted = new();

    internal Watched()
    {
        Root = new Activity("test").Start();
        ActivityTraceId trace = Root.TraceId;
        _spans = new()
        {
            ShouldListenTo = source => source.Name == RegistryDiagnostics.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    _stopped.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RegistryDiagnostics.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _counted.Enqueue((instrument.Name, value, tags.ToArray())));
        _meter.Start();
    }

    internal Activity Root { get; }

    internal IReadOnlyList<Activity> Spans => [.. _stopped];

    /// <summary>Returns the sum of a counter for a registry, by its other tags.</summary>
    internal string[] Sums(string name, string address, int? port) =>
        [.. _counted.Where(count => count.Name == name && Is(count.Tags, "server.address", address) && (port is null || Is(count.Tags, "server.port", port)))
            .GroupBy(count => string.Join(", ", count.Tags.Where(tag => !tag.Key.StartsWith("server.", StringComparison.Ordinal)).Select(tag => $"{tag.Key}={tag.Value}")))
            .Select(group => $"{group.Key}: {group.Sum(count => count.Value)}").Order(StringComparer.Ordinal)];

    /// <summary>Returns everything that was said, in one text.</summary>
    internal string All() => string.Join('\n', _counted.SelectMany(count => count.Tags).Concat(_stopped.SelectMany(span => span.TagObjects)).Select(tag => $"{tag.Key}={tag.Value}").Concat(_stopped.Select(span => $"{span.DisplayName} {span.StatusDescription}")));

    public void Dispose()
    {
        Root.Dispose();
        _spans.Dispose();
        _meter.Dispose();
    }

    private static bool Is(KeyValuePair<string, object?>[] tags, string name, object value) => tags.Any(tag => tag.Key == name && value.Equals(tag.Value));
}

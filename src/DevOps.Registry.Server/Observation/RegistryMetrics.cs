using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DevOps.Registry.Server;

/// <summary>Counts what happens in a registry.</summary>
internal sealed class RegistryMetrics
{
    private readonly Counter<long> _operations;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _errors;

    internal RegistryMetrics(IMeterFactory? factory, RegistryStorage storage)
    {
        // A meter of a factory ends with it; without one, it lives as long as the endpoint, which nobody ends either.
        Meter meter = factory?.Create(RegistryServerDiagnostics.Name) ?? new(RegistryServerDiagnostics.Name);
        _operations = meter.CreateCounter<long>("devops.registry.operations", "{operation}", "Pushes, pulls and deletions.");
        _bytes = meter.CreateCounter<long>("devops.registry.io", "By", "Bytes of content that came or were sent.");
        _errors = meter.CreateCounter<long>("devops.registry.errors", "{error}", "Requests that were refused or failed.");
        meter.CreateObservableUpDownCounter("devops.registry.uploads.open", () => (long)storage.Uploads.OpenCount, "{upload}", "Uploads that are open, as this process knows.");
    }

    internal void Count(RegistryEvent happened)
    {
        (string operation, string content) = happened.Kind switch
        {
            RegistryEventKind.BlobPushed => ("push", "blob"),
            RegistryEventKind.BlobMounted => ("mount", "blob"),
            RegistryEventKind.BlobPulled => ("pull", "blob"),
            RegistryEventKind.BlobDeleted => ("delete", "blob"),
            RegistryEventKind.ManifestPushed => ("push", "manifest"),
            RegistryEventKind.ManifestPulled => ("pull", "manifest"),
            RegistryEventKind.ManifestDeleted => ("delete", "manifest"),
            _ => ("delete", "tag"),
        };
        TagList tags = new() { { "operation", operation }, { "content", content } };
        _operations.Add(1, tags);
        if (operation is "push" or "pull")
        {
            _bytes.Add(happened.LengthBytes, tags);
        }
    }

    internal void CountError(string code) => _errors.Add(1, new KeyValuePair<string, object?>("code", code));
}

using System.Diagnostics;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Counts the bytes of one transfer while they move.</summary>
internal sealed class MovedBytes
{
    private readonly TagList _tags;

    private MovedBytes(RegistryAddress registry, string operation, string content)
    {
        _tags = RegistryCounts.TagsOf(registry);
        _tags.Add("operation", operation);
        _tags.Add("content", content);
    }

    internal static MovedBytes Pushed(RegistryRequest request) => new(request.Registry, "push", KindOf(request));

    /// <summary>Counts what comes from whoever answered: a mirror, or the registry.</summary>
    internal static MovedBytes Pulled(RegistryRequest request, HttpResponseMessage response) => new(PullMirrors.Of(response) ?? request.Registry, "pull", KindOf(request));

    internal void Add(long bytes)
    {
        if (bytes > 0 && RegistryDiagnostics.Bytes.Enabled)
        {
            RegistryDiagnostics.Bytes.Add(bytes, _tags);
        }
    }

    private static string KindOf(RegistryRequest request) => request.Path.StartsWith($"/v2/{request.Repository}/manifests/", StringComparison.Ordinal) ? "manifest" : "blob";
}

using System.Text.Json.Nodes;

namespace DevOps.Docker;

/// <summary>Reads from a <c>*.deps.json</c> which published file comes from where.</summary>
/// <remarks>Source: dotnet/runtime, documentation/design-docs/host-runtime-information.md.</remarks>
internal static class DependencyFiles
{
    internal const string Runtime = "runtime";
    internal const string Package = "package";
    internal const string Application = "application";

    /// <summary>Returns kinds by path in the publish folder; what is not named belongs to the application.</summary>
    internal static Dictionary<string, string> Read(JsonNode deps)
    {
        Dictionary<string, string> kinds = new(StringComparer.Ordinal);
        string? target = (string?)deps["runtimeTarget"]?["name"];
        if (target is null || deps["targets"]?[target] is not JsonObject libraries)
        {
            return kinds;
        }

        foreach ((string library, JsonNode? assets) in libraries)
        {
            string? type = (string?)deps["libraries"]?[library]?["type"];
            string? kind = type switch { "package" => Package, "runtimepack" => Runtime, _ => null };
            if (kind is null || assets is not JsonObject groups)
            {
                continue;
            }

            foreach ((string group, JsonNode? files) in groups)
            {
                foreach ((string asset, JsonNode? facts) in files as JsonObject ?? [])
                {
                    if (PublishedPath(group, asset, facts) is { } path)
                    {
                        kinds.TryAdd(path, kind);
                    }
                }
            }
        }

        return kinds;
    }

    // Publishing flattens a package's own folders, except those by culture and, in portable applications, by runtime.
    private static string? PublishedPath(string group, string asset, JsonNode? facts) => group switch
    {
        "runtime" or "native" => asset[(asset.LastIndexOf('/') + 1)..],
        "resources" => (string?)facts?["locale"] is { } locale ? $"{locale}/{asset[(asset.LastIndexOf('/') + 1)..]}" : null,
        "runtimeTargets" => asset,
        _ => null,
    };
}

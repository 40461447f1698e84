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
    /// <exception cref="InvalidOperationException">A member is of another kind than it should be.</exception>
    internal static Dictionary<string, string> Read(JsonObject deps)
    {
        Dictionary<string, string> kinds = new(StringComparer.Ordinal);
        string? target = Text(Object(deps, "runtimeTarget"), "name");
        JsonObject types = Object(deps, "libraries") ?? [];
        foreach ((string library, JsonNode? assets) in Object(Object(deps, "targets"), target) ?? [])
        {
            string? kind = Text(Object(types, library), "type") switch { "package" => Package, "runtimepack" => Runtime, _ => null };
            if (kind is null || assets?.AsObject() is not { } groups)
            {
                continue;
            }

            foreach ((string group, JsonNode? files) in groups)
            {
                foreach ((string asset, JsonNode? facts) in files?.AsObject() ?? [])
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
        "resources" => Text(facts?.AsObject(), "locale") is { } locale ? $"{locale}/{asset[(asset.LastIndexOf('/') + 1)..]}" : null,
        "runtimeTargets" => asset,
        _ => null,
    };

    private static JsonObject? Object(JsonObject? json, string? name) => name is null ? null : json?[name]?.AsObject();

    private static string? Text(JsonObject? json, string name) => json?[name]?.AsValue().GetValue<string>();
}

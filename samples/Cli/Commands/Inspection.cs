using System.Globalization;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace Cli;

/// <summary>Describes a manifest, and the configuration of an image, to people and to programs.</summary>
internal static class Inspection
{
    private const int LabelWidth = 14;

    internal static JsonObject ToJson(ManifestDocument manifest, ImageConfig? config)
    {
        JsonObject json = new()
        {
            ["digest"] = manifest.Digest.ToString(),
            ["mediaType"] = manifest.MediaType,
            ["size"] = manifest.RawBytes.Length,
            ["artifactType"] = manifest.ArtifactType,
            ["subject"] = manifest.Subject?.Digest.ToString(),
            ["annotations"] = Object(manifest.Annotations),
            ["children"] = new JsonArray([.. manifest.Children.Select(child => (JsonNode)child.ToJson())]),
        };
        if (manifest is ImageManifest image)
        {
            json["layersSize"] = image.Layers.Sum(layer => layer.SizeBytes);
        }

        if (config is not null)
        {
            json["imageId"] = config.Digest.ToString();
            json["platform"] = config.Platform.ToString();
            json["created"] = config.Created is { } created ? Time(created) : null;
            json["user"] = config.User;
            json["workingDirectory"] = config.WorkingDirectory;
            json["entrypoint"] = Array(config.Entrypoint);
            json["cmd"] = Array(config.Cmd);
            json["env"] = Array(config.Env);
            json["exposedPorts"] = Array(config.ExposedPorts);
            json["labels"] = Object(config.Labels);
            json["history"] = new JsonArray([.. config.History.Select(step => (JsonNode)new JsonObject
            {
                ["created"] = step.Created is { } at ? Time(at) : null,
                ["createdBy"] = step.CreatedBy,
                ["comment"] = step.Comment,
                ["emptyLayer"] = step.IsEmptyLayer,
            })]);
        }

        return json;
    }

    internal static IEnumerable<string> ToLines(ManifestDocument manifest, ImageConfig? config, bool withHistory)
    {
        List<string?> lines =
        [
            Line("Digest", manifest.Digest.ToString()),
            Line("Media type", manifest.MediaType),
            Line("Artifact type", manifest.ArtifactType),
            Line("Subject", manifest.Subject?.Digest.ToString()),
        ];
        if (config is not null)
        {
            lines.AddRange(
            [
                Line("Image ID", config.Digest.ToString()),
                Line("Platform", config.Platform.ToString()),
                Line("Created", config.Created is { } created ? Time(created) : null),
                Line("User", config.User),
                Line("Directory", config.WorkingDirectory),
                Line("Entrypoint", Words(config.Entrypoint)),
                Line("Cmd", Words(config.Cmd)),
                Line("Ports", string.Join(", ", config.ExposedPorts)),
                .. Block("Env", config.Env),
                .. Block("Labels", config.Labels.Select(label => $"{label.Key}={label.Value}")),
            ]);
        }

        lines.AddRange(Block("Annotations", manifest.Annotations.Select(annotation => $"{annotation.Key}={annotation.Value}")));
        lines.AddRange(manifest switch
        {
            ImageManifest image => Block($"Layers ({image.Layers.Length}, {Output.Bytes(image.Layers.Sum(layer => layer.SizeBytes))})", image.Layers.Select(Content)),
            ImageIndex index => Block($"Manifests ({index.Manifests.Length})", index.Manifests.Select(Content)),
            _ => Block("Content", manifest.Children.Select(Content)),
        });
        if (withHistory && config is not null)
        {
            lines.AddRange(Block("History", config.History.Select(step => $"{(step.Created is { } at ? Time(at) : "-"),-20} {(step.IsEmptyLayer ? "no layer" : "layer   ")} {step.CreatedBy ?? step.Comment}")));
        }

        return lines.OfType<string>();
    }

    /// <summary>Says a piece of content in a line: what it is for first, as that is what one looks for.</summary>
    internal static string Content(Descriptor content) =>
        $"{(content.Platform is { } platform ? $"{platform}  " : "")}{content.Digest}  {Output.Bytes(content.SizeBytes),10}  {content.ArtifactType ?? content.MediaType}";

    private static string? Line(string label, string? value) => value is null or "" ? null : $"{label + ":",-LabelWidth} {value}";

    private static IEnumerable<string> Block(string label, IEnumerable<string> lines) => lines.ToArray() is { Length: > 0 } some ? [$"{label}:", .. some.Select(line => $"  {line}")] : [];

    // As one would write it in a Dockerfile, so that words with spaces are seen.
    private static string? Words(IReadOnlyCollection<string> words) => words.Count == 0 ? null : $"[{string.Join(", ", words.Select(word => $"\"{word}\""))}]";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static JsonObject Object(IEnumerable<KeyValuePair<string, string>> values) => new(values.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));
}

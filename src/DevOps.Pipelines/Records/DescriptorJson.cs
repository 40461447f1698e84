using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Keeps a descriptor with all its members.</summary>
internal sealed class DescriptorJson : JsonConverter<Descriptor>
{
    public override Descriptor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (JsonNode.Parse(ref reader) is not JsonObject json)
        {
            throw new JsonException("A descriptor is an object.");
        }

        try
        {
            return new((string)json["mediaType"]!, Digest.Parse((string)json["digest"]!), (long)json["size"]!)
            {
                Urls = [.. (json["urls"] as JsonArray ?? []).Select(url => (string)url!)],
                Annotations = (json["annotations"] as JsonObject ?? []).ToImmutableSortedDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal),
                Data = (string?)json["data"] is { } data ? Convert.FromBase64String(data) : null,
                Platform = (string?)json["platform"] is { } platform ? Platform.Parse(platform) : null,
                ArtifactType = (string?)json["artifactType"],
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new JsonException($"No descriptor: {e.Message}", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Descriptor value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("mediaType", value.MediaType);
        writer.WriteString("digest", value.Digest.ToString());
        writer.WriteNumber("size", value.SizeBytes);
        if (!value.Urls.IsDefaultOrEmpty)
        {
            writer.WriteStartArray("urls");
            foreach (string url in value.Urls)
            {
                writer.WriteStringValue(url);
            }

            writer.WriteEndArray();
        }

        if (!value.Annotations.IsEmpty)
        {
            writer.WriteStartObject("annotations");
            foreach ((string key, string text) in value.Annotations)
            {
                writer.WriteString(key, text);
            }

            writer.WriteEndObject();
        }

        if (value.Data is { } data)
        {
            writer.WriteBase64String("data", data.Span);
        }

        if (value.Platform is { } platform)
        {
            writer.WriteString("platform", platform.ToString());
        }

        if (value.ArtifactType is { } artifactType)
        {
            writer.WriteString("artifactType", artifactType);
        }

        writer.WriteEndObject();
    }
}

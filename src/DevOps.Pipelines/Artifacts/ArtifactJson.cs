using System.Text.Json;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>The JSON of an artifact.</summary>
internal static class ArtifactJson
{
    internal static void Write(Utf8JsonWriter writer, Artifact artifact)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, artifact.Name);
        writer.WriteString("digest"u8, artifact.Digest.ToString());
        writer.WriteNumber("sizeBytes"u8, artifact.SizeBytes);
        writer.WriteNumber("fileCount"u8, artifact.FileCount);
        writer.WriteString("mediaType"u8, artifact.MediaType);
        if (artifact.CreatedAt is { } createdAt)
        {
            writer.WriteString("createdAt"u8, createdAt);
        }

        if (artifact.ExpiresAt is { } expiresAt)
        {
            writer.WriteString("expiresAt"u8, expiresAt);
        }

        writer.WriteEndObject();
    }

    internal static Artifact Read(JsonElement json)
    {
        try
        {
            return new(
                json.GetProperty("name"u8).GetString()!,
                Digest.Parse(json.GetProperty("digest"u8).GetString()!),
                json.GetProperty("sizeBytes"u8).GetInt64(),
                json.GetProperty("fileCount"u8).GetInt32())
            {
                MediaType = json.GetProperty("mediaType"u8).GetString()!,
                CreatedAt = Time(json, "createdAt"u8),
                ExpiresAt = Time(json, "expiresAt"u8),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or InvalidContentException)
        {
            throw new InvalidContentException("artifact", "its JSON has not the members of one", e);
        }
    }

    private static DateTimeOffset? Time(JsonElement json, ReadOnlySpan<byte> name) => json.TryGetProperty(name, out JsonElement time) ? time.GetDateTimeOffset() : null;
}

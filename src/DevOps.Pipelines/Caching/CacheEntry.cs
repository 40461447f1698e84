using System.Buffers;
using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>What a dependency cache knows of one entry.</summary>
internal sealed record CacheEntry(FingerprintRecord Fingerprint, Artifact Artifact)
{
    internal ReadOnlyMemory<byte> ToJson()
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("artifact"u8);
            Artifact.WriteTo(writer);
            writer.WritePropertyName("fingerprint"u8);
            Fingerprint.WriteTo(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="InvalidContentException">It is none.</exception>
    internal static CacheEntry Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new(FingerprintRecord.FromJson(document.RootElement.GetProperty("fingerprint"u8)), Artifact.FromJson(document.RootElement.GetProperty("artifact"u8)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidContentException("cache entry", "its JSON has not the members of one", e);
        }
    }
}

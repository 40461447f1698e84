using System.Buffers;
using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>What a result cache keeps of one result.</summary>
internal sealed record ResultEntry(FingerprintRecord Fingerprint, RecordedResult Result)
{
    internal ReadOnlyMemory<byte> ToJson()
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteBase64String("result"u8, Result.Bytes.Span);
            writer.WriteStartArray("artifacts"u8);
            foreach (Artifact artifact in Result.Artifacts)
            {
                artifact.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("fingerprint"u8);
            Fingerprint.WriteTo(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="InvalidContentException">It is none.</exception>
    internal static ResultEntry Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return new(
                FingerprintRecord.FromJson(root.GetProperty("fingerprint"u8)),
                new(root.GetProperty("result"u8).GetBytesFromBase64(), [.. root.GetProperty("artifacts"u8).EnumerateArray().Select(Artifact.FromJson)]));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidContentException("recorded result", "its JSON has not the members of one", e);
        }
    }
}

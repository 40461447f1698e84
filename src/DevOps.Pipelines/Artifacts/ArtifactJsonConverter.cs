using System.Text.Json;
using System.Text.Json.Serialization;

namespace DevOps.Pipelines;

/// <summary>Lets a serializer read and write artifacts inside of other values. Needs no reflection.</summary>
public sealed class ArtifactJsonConverter : JsonConverter<Artifact>
{
    /// <inheritdoc/>
    public override Artifact Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return ArtifactJson.Read(document.RootElement);
        }
        catch (InvalidContentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Artifact value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArtifactJson.Write(writer, value);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Keeps a value as the text that its type reads and writes.</summary>
internal abstract class TextJson<T>(Func<string, T> parse) : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? throw new JsonException("A text is expected.");
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class DigestJson() : TextJson<Digest>(Digest.Parse);

internal sealed class ImageReferenceJson() : TextJson<ImageReference>(ImageReference.Parse);

internal sealed class RegistryAddressJson() : TextJson<RegistryAddress>(RegistryAddress.Parse);

internal sealed class RepositoryNameJson() : TextJson<RepositoryName>(RepositoryName.Parse);

internal sealed class PlatformJson() : TextJson<Platform>(Platform.Parse);

internal sealed class SemanticVersionJson() : TextJson<SemanticVersion>(SemanticVersion.Parse);

using System.Text.Json;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads the platform that an image states of itself. Artifacts state none, and neither do signatures in the form of images, which leave it empty.</summary>
/// <remarks>Source: OCI image-spec 1.1, config.md, "Properties": <c>os</c>, <c>architecture</c>, <c>variant</c>, <c>os.version</c>.</remarks>
internal static class StatedPlatform
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    internal static async Task<Platform?> ReadAsync(IContentSource source, Descriptor root, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsManifest(root.MediaType)
            || await source.ReadManifestAsync(root, cancellationToken).ConfigureAwait(false) is not ImageManifest { Config: { MediaType: MediaTypes.ImageConfig or MediaTypes.DockerConfig } config })
        {
            return null;
        }

        ReadOnlyMemory<byte> bytes = await source.ReadAllBytesAsync(config, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Strict);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidContentException($"image config {config.Digest}", "it is no JSON object", e);
        }
    }

    private static Platform? Read(JsonElement config)
    {
        string variant = Text(config, "variant") is { } stated ? $"/{stated}" : "";
        return Platform.TryParse($"{Text(config, "os")}/{Text(config, "architecture")}{variant}", out Platform? platform) ? platform with { OsVersion = Text(config, "os.version") } : null;
    }

    private static string? Text(JsonElement config, string name) =>
        config.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

using System.Text.Json.Nodes;

namespace DevOps.Oci;

internal static class DescriptorJson
{
    internal static Descriptor Read(JsonObject json, string where)
    {
        string mediaType = json.RequireString("mediaType", where);
        if (!MediaTypes.IsWellFormed(mediaType))
        {
            throw new InvalidContentException(where, $"its mediaType '{mediaType}' is not a media type");
        }

        string text = json.RequireString("digest", where);
        Digest digest;
        try
        {
            digest = Digest.Parse(text);
        }
        catch (FormatException e)
        {
            throw new InvalidContentException(where, e.Message, e);
        }

        long size = json.RequireInteger("size", where);
        if (size < 0)
        {
            throw new InvalidContentException(where, $"its size {size} is negative");
        }

        return new(mediaType, digest, size)
        {
            Urls = json.Strings("urls", where),
            Annotations = json.StringMap("annotations", where),
            Data = json.Base64("data", where),
            Platform = json.Object("platform", where) is { } platform ? Platform.FromJson(platform, where + ".platform") : null,
            ArtifactType = json.String("artifactType", where),
        };
    }

    internal static JsonObject Write(Descriptor descriptor)
    {
        JsonObject json = new()
        {
            ["mediaType"] = descriptor.MediaType,
            ["digest"] = descriptor.Digest.ToString(),
            ["size"] = descriptor.SizeBytes,
        };
        if (!descriptor.Urls.IsDefaultOrEmpty)
        {
            json["urls"] = OciJson.ArrayOf(descriptor.Urls);
        }

        if (!descriptor.Annotations.IsEmpty)
        {
            json["annotations"] = OciJson.MapOf(descriptor.Annotations);
        }

        if (descriptor.Data is { } data)
        {
            json["data"] = Convert.ToBase64String(data.Span);
        }

        if (descriptor.Platform is { } platform)
        {
            json["platform"] = platform.ToJson();
        }

        if (descriptor.ArtifactType is { } artifactType)
        {
            json["artifactType"] = artifactType;
        }

        return json;
    }
}

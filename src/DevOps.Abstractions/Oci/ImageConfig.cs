using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>An image's configuration: what it runs on, how it starts, and the diffIDs of its layers.</summary>
/// <remarks>
/// The document is kept as a tree, so members that are not known here (health checks of a base image, <c>OnBuild</c>, a vendor's own) survive every edit.
/// Source: OCI image-spec 1.1, config.md.
/// </remarks>
public sealed class ImageConfig : OciDocument
{
    private const string What = "image config";

    private ImageConfig(ReadOnlyMemory<byte> rawBytes, JsonObject tree, string mediaType) : base(rawBytes, tree, mediaType)
    {
        string os = tree.RequireString("os", What);
        string architecture = tree.RequireString("architecture", What);
        Platform = Platform.FromJson(
            new JsonObject
            {
                ["os"] = os,
                ["architecture"] = architecture,
                ["variant"] = tree.String("variant", What),
                ["os.version"] = tree.String("os.version", What),
                ["os.features"] = tree["os.features"]?.DeepClone(),
            },
            What);
        Created = tree.String("created", What) is { Length: > 0 } created ? ReadTimestamp(created) : null;
        JsonObject rootfs = tree.Object("rootfs", What) ?? throw new InvalidContentException(What, "it has no rootfs");
        DiffIds = [.. rootfs.Strings("diff_ids", What + ", rootfs").Select(ReadDiffId)];
        History = [.. (tree.Array("history", What) ?? []).Select(ReadHistory)];
        JsonObject run = tree.Object("config", What) ?? [];
        Entrypoint = run.Strings("Entrypoint", What);
        Cmd = run.Strings("Cmd", What);
        Env = run.Strings("Env", What);
        Labels = run.StringMap("Labels", What);
        WorkingDirectory = run.String("WorkingDir", What) ?? "";
        User = run.String("User", What) ?? "";
        ExposedPorts = [.. (run.Object("ExposedPorts", What) ?? []).Select(port => port.Key)];
    }

    /// <summary>Gets the configuration of an image without layers for <c>linux/amd64</c>, as <c>FROM scratch</c>.</summary>
    public static ImageConfig Empty { get; } = ForPlatform(Platform.LinuxAmd64);

    /// <summary>Gets the platform of the image.</summary>
    public Platform Platform { get; }

    /// <summary>Gets when the image was made, if the document says so.</summary>
    public DateTimeOffset? Created { get; }

    /// <summary>Gets the digests of the uncompressed layers, the base first.</summary>
    public ImmutableArray<Digest> DiffIds { get; }

    /// <summary>Gets the history, the base first.</summary>
    public ImmutableArray<ImageHistory> History { get; }

    /// <summary>Gets the program that a container starts, with its fixed arguments.</summary>
    public ImmutableArray<string> Entrypoint { get; }

    /// <summary>Gets the arguments that a container's starter may replace.</summary>
    public ImmutableArray<string> Cmd { get; }

    /// <summary>Gets the environment, each as <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Env { get; }

    /// <summary>Gets the labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; }

    /// <summary>Gets the working directory, or an empty text.</summary>
    public string WorkingDirectory { get; }

    /// <summary>Gets the user, as <c>uid:gid</c> or a name, or an empty text.</summary>
    public string User { get; }

    /// <summary>Gets the ports that the image listens on, each as <c>8080/tcp</c>.</summary>
    public ImmutableArray<string> ExposedPorts { get; }

    /// <summary>Returns the configuration of an image without layers.</summary>
    /// <param name="platform">The platform of the image.</param>
    public static ImageConfig ForPlatform(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        JsonObject tree = platform.ToJson();
        tree["config"] = new JsonObject();
        tree["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() };
        return Parse(OciJson.Write(tree));
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="bytes">The exact bytes; they are copied.</param>
    /// <param name="mediaType">The media type that the bytes came with.</param>
    /// <exception cref="InvalidContentException">The document breaks its specification.</exception>
    public static ImageConfig Parse(ReadOnlyMemory<byte> bytes, string mediaType = MediaTypes.ImageConfig)
    {
        (ReadOnlyMemory<byte> copy, JsonObject tree) = Read(bytes, What);
        return new(copy, tree, mediaType);
    }

    /// <summary>Returns a configuration with some of the tree changed and every other member kept.</summary>
    /// <param name="edit">Changes a copy of the tree.</param>
    /// <exception cref="InvalidContentException">The result breaks the specification.</exception>
    public ImageConfig Edit(Action<JsonObject> edit)
    {
        (ReadOnlyMemory<byte> bytes, JsonObject tree) = Edited(edit, What);
        return new(bytes, tree, MediaType);
    }

    private static DateTimeOffset ReadTimestamp(string text) =>
        Rfc3339.TryParse(text, out DateTimeOffset instant) ? instant : throw new InvalidContentException(What, $"'{text}' is not a time by RFC 3339");

    private static Digest ReadDiffId(string text) => Digest.TryParse(text, out Digest? digest)
        ? digest
        : throw new InvalidContentException(What, $"its diffID '{text}' is not a digest");

    private static ImageHistory ReadHistory(JsonNode? node, int index)
    {
        string where = $"{What}, history[{index}]";
        JsonObject json = node as JsonObject ?? throw new InvalidContentException(where, "it is not an object");
        return new()
        {
            Created = json.String("created", where) is { Length: > 0 } created ? ReadTimestamp(created) : null,
            CreatedBy = json.String("created_by", where),
            Comment = json.String("comment", where),
            IsEmptyLayer = json["empty_layer"]?.GetValueKind() == JsonValueKind.True,
        };
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Stores;

/// <summary>Builds archives as <c>docker save</c> writes them, with .NET's own tar.</summary>
internal sealed class SavedArchive
{
    private readonly List<(string Name, byte[]? Content, string? Link)> _members = [];

    internal static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream output = new();
        using (GZipStream gzip = new(output, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }

    /// <summary>A layer: a tar of one file.</summary>
    internal static byte[] Layer(string content)
    {
        using MemoryStream output = new();
        using (TarWriter tar = new(output, TarEntryFormat.Ustar))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "file") { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        }

        return output.ToArray();
    }

    internal static ImageConfig Config(params IEnumerable<byte[]> layers) => ImageConfig.ForPlatform(Platform.LinuxAmd64).Edit(tree =>
        tree["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode)Digest.Compute(layer).ToString())]) });

    internal SavedArchive With(string name, byte[] content)
    {
        _members.Add((name, content, null));
        return this;
    }

    internal SavedArchive With(string name, string content) => With(name, Encoding.UTF8.GetBytes(content));

    internal SavedArchive WithLink(string name, string target)
    {
        _members.Add((name, null, target));
        return this;
    }

    /// <summary>An image in the layout of engines before 25: a directory for each layer, and a config named by its hash.</summary>
    internal SavedArchive WithImage(out ImageConfig config, params string[] layers)
    {
        byte[][] tars = [.. layers.Select(Layer)];
        config = Config(tars);
        With($"{config.Digest.Hex}.json", config.RawBytes.ToArray());
        for (int i = 0; i < tars.Length; i++)
        {
            With($"layer{i}/VERSION", "1.0").With($"layer{i}/layer.tar", tars[i]);
        }

        return this;
    }

    internal SavedArchive WithManifest(ImageConfig config, string[]? tags, params string[] layers) => With("manifest.json", new JsonArray(Item(config, tags, layers)).ToJsonString());

    internal static JsonObject Item(ImageConfig config, string[]? tags, params string[] layers) => new()
    {
        ["Config"] = $"{config.Digest.Hex}.json",
        ["RepoTags"] = tags is null ? null : new JsonArray([.. tags.Select(tag => (JsonNode)tag)]),
        ["Layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)layer)]),
    };

    internal byte[] ToBytes()
    {
        using MemoryStream output = new();
        using (TarWriter tar = new(output, TarEntryFormat.Pax))
        {
            foreach ((string name, byte[]? content, string? link) in _members)
            {
                PaxTarEntry entry = new(link is null ? TarEntryType.RegularFile : TarEntryType.SymbolicLink, name);
                if (link is not null)
                {
                    entry.LinkName = link;
                }
                else
                {
                    entry.DataStream = new MemoryStream(content!);
                }

                tar.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }
}

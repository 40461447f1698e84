using System.Collections.Immutable;
using System.Text.Json;
using DevOps.Archives.Compression;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds the images of an archive: from its OCI index if it has one, else from <c>manifest.json</c>.</summary>
/// <remarks>Source: moby, image/spec/v1.2.md, "Combined Image JSON + Filesystem Changeset Format"; OCI image-spec 1.1, image-layout.md.</remarks>
internal static class DockerArchiveReader
{
    private const string ManifestName = "manifest.json";

    internal static async Task<DockerArchive> ReadAsync(string path, ArchiveContents contents, CancellationToken cancellationToken) =>
        contents.Contains(OciLayout.MarkerName) && contents.Contains(OciLayout.IndexName)
            ? await ReadLayoutAsync(path, contents, cancellationToken).ConfigureAwait(false)
            : await ReadManifestsAsync(path, contents, cancellationToken).ConfigureAwait(false);

    private static async Task<DockerArchive> ReadLayoutAsync(string path, ArchiveContents contents, CancellationToken cancellationToken)
    {
        ImageIndex index = ImageIndex.Parse(await contents.ReadAllBytesAsync(OciLayout.IndexName, cancellationToken).ConfigureAwait(false));
        Dictionary<Digest, (long, long)> blobs = [];
        foreach (string name in contents.Names)
        {
            if (name.Split('/') is ["blobs", var algorithm, var hex] && Digest.TryParse($"{algorithm}:{hex}", out Digest? digest))
            {
                blobs[digest] = contents.Find(name)!.Value;
            }
        }

        ImmutableArray<DockerArchiveImage> listed = NotEmpty(path, [.. index.Manifests.Select(manifest => new DockerArchiveImage(manifest, NamesOf(manifest)))]);
        ImmutableArray<DockerArchiveImage>.Builder images = ImmutableArray.CreateBuilder<DockerArchiveImage>();
        foreach (DockerArchiveImage entry in listed)
        {
            if (await IsImageAsync(contents, entry.Manifest, blobs, cancellationToken).ConfigureAwait(false))
            {
                images.Add(entry);
            }
        }

        return new(path, contents, listed, images.ToImmutable(), blobs, new Dictionary<Digest, ReadOnlyMemory<byte>>());
    }

    // A signature or a bill of materials is no image by itself. What cannot be read is taken for one: whoever reads it is told what is wrong.
    private static async Task<bool> IsImageAsync(ArchiveContents contents, Descriptor entry, Dictionary<Digest, (long Offset, long LengthBytes)> blobs, CancellationToken cancellationToken)
    {
        if (ListedName.TagOf(entry) is { } tag && DigestTags.IsOne(tag))
        {
            return false;
        }

        if (!MediaTypes.IsManifest(entry.MediaType) || !blobs.TryGetValue(entry.Digest, out (long Offset, long LengthBytes) place) || place.LengthBytes > OciDocument.MaxLengthBytes)
        {
            return true;
        }

        byte[] bytes = new byte[place.LengthBytes];
        FileSegment content = contents.Open(place);
        await using (content.ConfigureAwait(false))
        {
            await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return ManifestDocument.Parse(bytes, entry.MediaType).Subject is null;
        }
        catch (InvalidContentException)
        {
            return true;
        }
    }

    private static ImmutableArray<string> NamesOf(Descriptor manifest) =>
        ListedName.ReferenceOf(manifest) is { } reference ? [reference.ToFamiliarString()]
        : ListedName.TagOf(manifest) is { } tag ? [tag] : [];

    private static async Task<DockerArchive> ReadManifestsAsync(string path, ArchiveContents contents, CancellationToken cancellationToken)
    {
        if (!contents.Contains(ManifestName))
        {
            throw new InvalidContentException($"archive '{path}'", $"it has neither '{ManifestName}' nor '{OciLayout.IndexName}', so it is no archive of images");
        }

        Dictionary<Digest, (long, long)> blobs = [];
        Dictionary<(long, long), Descriptor> packed = [];
        Dictionary<Digest, ReadOnlyMemory<byte>> documents = [];
        List<DockerArchiveImage> images = [];
        try
        {
            using JsonDocument list = JsonDocument.Parse(await contents.ReadAllBytesAsync(ManifestName, cancellationToken).ConfigureAwait(false));
            foreach (JsonElement item in list.RootElement.EnumerateArray())
            {
                byte[] configBytes = await contents.ReadAllBytesAsync(Text(path, item.GetProperty("Config")), cancellationToken).ConfigureAwait(false);
                ImageConfig config = ImageConfig.Parse(configBytes);
                string[] files = [.. item.GetProperty("Layers").EnumerateArray().Select(layer => Text(path, layer))];
                ImmutableArray<Descriptor> layers = await LayersAsync(path, contents, config, files, blobs, packed, cancellationToken).ConfigureAwait(false);
                ImageManifest manifest = ImageManifest.Create(config.Descriptor, layers);
                documents[config.Digest] = config.RawBytes;
                documents[manifest.Digest] = manifest.RawBytes;
                images.Add(new(manifest.Descriptor, Names(path, item)));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentNullException)
        {
            throw new InvalidContentException($"archive '{path}'", $"its {ManifestName} is malformed: {e.Message}", e);
        }

        ImmutableArray<DockerArchiveImage> all = NotEmpty(path, images);
        return new(path, contents, all, all, blobs, documents);
    }

    private static string Text(string path, JsonElement element) =>
        element.GetString() ?? throw new InvalidContentException($"archive '{path}'", $"its {ManifestName} has null where a name should be");

    private static ImmutableArray<string> Names(string path, JsonElement item) =>
        item.TryGetProperty("RepoTags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array ? [.. tags.EnumerateArray().Select(tag => Text(path, tag))] : [];

    private static async Task<ImmutableArray<Descriptor>> LayersAsync(
        string path, ArchiveContents contents, ImageConfig config, string[] files, Dictionary<Digest, (long, long)> blobs, Dictionary<(long, long), Descriptor> packed, CancellationToken cancellationToken)
    {
        if (files.Length != config.DiffIds.Length)
        {
            throw new InvalidContentException($"archive '{path}'", $"its manifest has {files.Length} layers and its config {config.DiffIds.Length} diffIDs");
        }

        ImmutableArray<Descriptor>.Builder layers = ImmutableArray.CreateBuilder<Descriptor>(files.Length);
        foreach ((string name, Digest diffId) in files.Zip(config.DiffIds))
        {
            (long Offset, long LengthBytes) place = contents.Find(name) ?? throw new InvalidContentException($"archive '{path}'", $"its layer '{name}' is missing");
            if (!packed.TryGetValue(place, out Descriptor? layer))
            {
                layer = await DescribeAsync(contents, place, diffId, cancellationToken).ConfigureAwait(false);
                if (layer.MediaType != MediaTypes.Layer)
                {
                    // A short list can name one large file thousands of times; it is hashed once.
                    packed[place] = layer;
                }
            }

            blobs[layer.Digest] = place;
            layers.Add(layer);
        }

        return layers.MoveToImmutable();
    }

    // An uncompressed layer's digest is its diffID, and is checked when it is read. A compressed one's is known only by hashing it.
    private static async Task<Descriptor> DescribeAsync(ArchiveContents contents, (long Offset, long LengthBytes) place, Digest diffId, CancellationToken cancellationToken)
    {
        FileSegment content = contents.Open(place);
        await using (content.ConfigureAwait(false))
        {
            byte[] buffer = new byte[1 << 17];
            int read = await content.ReadAtLeastAsync(buffer, CompressionMagic.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            string mediaType = CompressionMagic.Recognize(buffer.AsSpan(0, read)) switch
            {
                CompressionFormat.Gzip => MediaTypes.LayerGzip,
                CompressionFormat.Zstd => MediaTypes.LayerZstd,
                _ => MediaTypes.Layer,
            };
            if (mediaType == MediaTypes.Layer)
            {
                return new(mediaType, diffId, place.LengthBytes);
            }

            using DigestBuilder digest = new();
            for (; read > 0; read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false))
            {
                digest.Append(buffer.AsSpan(0, read));
            }

            return new(mediaType, digest.ToDigest(), place.LengthBytes);
        }
    }

    private static ImmutableArray<DockerArchiveImage> NotEmpty(string path, List<DockerArchiveImage> images) =>
        images.Count > 0 ? [.. images] : throw new InvalidContentException($"archive '{path}'", "it holds no image");
}

using System.Text;
using DevOps.Archives;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>What one repository holds: marks for blobs, media types of manifests, tags, referrers.</summary>
internal sealed class RepositoryFolder(RegistryStorage storage, RepositoryName name)
{
    internal const string ManifestsName = "_manifests";

    private const string BlobsName = "_blobs";

    private readonly string _path = storage.RepositoryPath(name);

    internal RepositoryName Name => name;

    internal bool Exists => Directory.Exists(Path.Combine(_path, ManifestsName)) || Directory.Exists(Path.Combine(_path, BlobsName));

    internal bool HoldsBlob(Digest digest) => File.Exists(MarkPath(BlobsName, digest)) && File.Exists(storage.BlobPath(digest));

    internal void AddBlob(Digest digest)
    {
        string mark = MarkPath(BlobsName, digest);
        Directory.CreateDirectory(Path.GetDirectoryName(mark)!);

        // Several pushes may bring one blob at once: the mark is shared, and stays when it is there.
        new FileStream(mark, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    internal bool RemoveBlob(Digest digest) => Remove(MarkPath(BlobsName, digest));

    internal FileStream OpenBlob(Digest digest) =>
        new(storage.BlobPath(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Returns the media type of a manifest, or <see langword="null"/> if the repository does not hold it.</summary>
    internal string? FindManifest(Digest digest) => File.Exists(storage.BlobPath(digest)) ? ReadText(MarkPath(ManifestsName, digest)) : null;

    internal Digest? FindTag(string tag) => Digest.TryParse(ReadText(TagPath(tag)), out Digest? digest) ? digest : null;

    internal async Task AddManifestAsync(ManifestDocument manifest, Digest digest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await WriteAsync(storage.BlobPath(digest), manifest.RawBytes, cancellationToken).ConfigureAwait(false);
        await WriteAsync(MarkPath(ManifestsName, digest), Encoding.UTF8.GetBytes(manifest.MediaType), cancellationToken).ConfigureAwait(false);
        if (manifest.Subject is { } subject)
        {
            Descriptor referrer = new(manifest.MediaType, digest, manifest.RawBytes.Length)
            {
                ArtifactType = string.IsNullOrEmpty(manifest.ArtifactType) ? (manifest as ImageManifest)?.Config.MediaType : manifest.ArtifactType,
                Annotations = manifest.Annotations,
            };
            byte[] text = Encoding.UTF8.GetBytes(referrer.ToJson().ToJsonString());
            await WriteAsync(Path.Combine(ReferrersPath(subject.Digest), FileName(digest)), text, cancellationToken).ConfigureAwait(false);
        }

        foreach (string tag in tags)
        {
            await WriteAsync(TagPath(tag), Encoding.UTF8.GetBytes(digest.ToString()), cancellationToken).ConfigureAwait(false);
        }
    }

    internal async Task<bool> RemoveManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (FindManifest(digest) is not { } mediaType)
        {
            return false;
        }

        ManifestDocument manifest = ManifestDocument.Parse(await File.ReadAllBytesAsync(storage.BlobPath(digest), cancellationToken).ConfigureAwait(false), mediaType);
        if (manifest.Subject is { } subject)
        {
            Remove(Path.Combine(ReferrersPath(subject.Digest), FileName(digest)));
        }

        foreach (string tag in ListTags().Where(tag => FindTag(tag) == digest))
        {
            Remove(TagPath(tag));
        }

        return Remove(MarkPath(ManifestsName, digest));
    }

    internal bool RemoveTag(string tag) => Remove(TagPath(tag));

    internal IReadOnlyList<string> ListTags() => Directory.Exists(TagsPath)
        ? [.. Directory.EnumerateFiles(TagsPath).Select(path => Path.GetFileName(path)).Where(ImageReference.IsTag).Order(StringComparer.Ordinal)]
        : [];

    internal async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, CancellationToken cancellationToken)
    {
        List<Descriptor> referrers = [];
        string path = ReferrersPath(subject);
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path).Where(file => !Path.GetFileName(file).StartsWith('.')) : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            byte[] text = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
            referrers.Add(Descriptor.FromJson((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(text)!));
        }

        return referrers;
    }

    private string TagsPath => Path.Combine(_path, "_tags");

    private string TagPath(string tag) => Path.Combine(TagsPath, tag);

    private string ReferrersPath(Digest subject) => Path.Combine(_path, "_referrers", FileName(subject));

    private string MarkPath(string kind, Digest digest) => Path.Combine(_path, kind, digest.AlgorithmName, digest.Hex);

    private static string FileName(Digest digest) => $"{digest.AlgorithmName}-{digest.Hex}";

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool Remove(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await AtomicFile.WriteAllBytesAsync(path, bytes, cancellationToken).ConfigureAwait(false);
    }
}

using System.Text;
using System.Text.Json.Nodes;
using DevOps.Oci;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Registry.Server;

/// <summary>What one repository holds: marks for blobs, media types of manifests, tags, referrers.</summary>
internal sealed class RepositoryFolder(RegistryStorage storage, RepositoryName name)
{
    internal const string ManifestsName = "_manifests";
    internal const string BlobsName = "_blobs";

    private readonly string _path = storage.RepositoryPath(name);

    internal RepositoryName Name => name;

    internal bool Exists => Directory.Exists(Path.Combine(_path, ManifestsName)) || Directory.Exists(Path.Combine(_path, BlobsName));

    /// <summary>Takes the names of the repository, to change manifests and tags.</summary>
    /// <returns>Gives them back when disposed.</returns>
    internal Task<IDisposable> EnterNamesAsync(CancellationToken cancellationToken) => storage.Names.EnterAsync(name, cancellationToken);

    internal bool HoldsBlob(Digest digest) => File.Exists(MarkPath(BlobsName, digest)) && storage.Blobs.Holds(digest);

    /// <summary>Says whether the repository holds a blob, and keeps it for the grace age of garbage collection: whoever asks may push a manifest that names it.</summary>
    internal bool WantsBlob(Digest digest) => File.Exists(MarkPath(BlobsName, digest)) && storage.Blobs.Want(digest);

    internal void AddBlob(Digest digest)
    {
        string mark = MarkPath(BlobsName, digest);
        storage.Disk.CreateFolder(Path.GetDirectoryName(mark)!);

        // Several pushes may bring one blob at once: the mark is shared, and stays when it is there.
        new FileStream(mark, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        storage.Disk.FlushName(mark);
    }

    internal bool RemoveBlob(Digest digest) => Remove(MarkPath(BlobsName, digest));

    /// <summary>Returns the file of a blob, whether or not it exists.</summary>
    internal FileInfo GetBlob(Digest digest) => new(storage.Blobs.PathOf(digest));

    /// <summary>Returns the media type of a manifest, or <see langword="null"/> if the repository does not hold it.</summary>
    internal string? FindManifest(Digest digest) => ReadText(MarkPath(ManifestsName, digest));

    /// <summary>Returns the bytes of a manifest that the repository holds.</summary>
    internal async Task<ReadOnlyMemory<byte>> ReadManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (!storage.Manifests.TryGet(digest, out ReadOnlyMemory<byte> bytes))
        {
            try
            {
                bytes = await File.ReadAllBytesAsync(storage.Blobs.PathOf(digest), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw RegistryError.ManifestUnknown;
            }

            // Nothing is given out under a digest that is not its own. A client that hears that it is missing pushes it again.
            if (Digest.Compute(bytes.Span, digest.Algorithm) != digest)
            {
                throw RegistryError.ManifestDamaged(new InvalidContentException($"manifest {digest}", "its file holds other bytes"));
            }

            storage.Manifests.Add(digest, bytes);
        }

        return bytes;
    }

    internal Digest? FindTag(string tag) => Digest.TryParse(ReadText(TagPath(tag)), out Digest? digest) ? digest : null;

    /// <summary>Returns a manifest as the list of its subject's referrers has it; <see langword="null"/> if it has no subject.</summary>
    internal static Descriptor? AsReferrer(ManifestDocument manifest, Digest digest) => manifest.Subject is null ? null : new(manifest.MediaType, digest, manifest.RawBytes.Length)
    {
        ArtifactType = string.IsNullOrEmpty(manifest.ArtifactType) ? (manifest as ImageManifest)?.Config.MediaType : manifest.ArtifactType,
        Annotations = manifest.Annotations,
    };

    internal async Task AddManifestAsync(ManifestDocument manifest, Digest digest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        await storage.Blobs.WriteAsync(digest, manifest.RawBytes, cancellationToken).ConfigureAwait(false);
        if (AsReferrer(manifest, digest) is { } referrer)
        {
            // Before the mark, without which it is not listed: a manifest that is there is listed.
            byte[] text = Encoding.UTF8.GetBytes(referrer.ToJson().ToJsonString());
            await storage.Disk.WriteAsync(Path.Combine(ReferrersPath(manifest.Subject!.Digest), FileName(digest)), text, cancellationToken).ConfigureAwait(false);
        }

        await storage.Disk.WriteAsync(MarkPath(ManifestsName, digest), Encoding.UTF8.GetBytes(manifest.MediaType), cancellationToken).ConfigureAwait(false);
        foreach (string tag in tags)
        {
            await storage.Disk.WriteAsync(TagPath(tag), Encoding.UTF8.GetBytes(digest.ToString()), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes a manifest and the tags that <see cref="FindTags"/> gave for it.</summary>
    internal async Task<bool> RemoveManifestAsync(Digest digest, IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        if (FindManifest(digest) is not { } mediaType)
        {
            return false;
        }

        Descriptor? subject = null;
        try
        {
            subject = ManifestDocument.Parse(await ReadManifestAsync(digest, cancellationToken).ConfigureAwait(false), mediaType).Subject;
        }
        catch (RegistryError)
        {
            // Its content is gone or damaged, which is why it is deleted. Its place among the referrers stays, and is not listed without the mark.
        }

        foreach (string tag in tags)
        {
            Remove(TagPath(tag));
        }

        bool isRemoved = Remove(MarkPath(ManifestsName, digest));
        if (subject is not null)
        {
            Remove(Path.Combine(ReferrersPath(subject.Digest), FileName(digest)));
        }

        return isRemoved;
    }

    internal IEnumerable<string> FindTags(Digest digest) => ListTags().Where(tag => FindTag(tag) == digest).Order(StringComparer.Ordinal);

    internal bool RemoveTag(string tag) => Remove(TagPath(tag));

    /// <summary>Lists the tags that come after one, in order.</summary>
    internal IEnumerable<string> ListTags(string? last) => storage.ListedNames.After(TagsPath, last, FolderEntries.Files, ImageReference.IsTag);

    private IEnumerable<string> ListTags() => Directory.Exists(TagsPath) ? Directory.EnumerateFiles(TagsPath).Select(path => Path.GetFileName(path)).Where(ImageReference.IsTag) : [];

    internal async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, CancellationToken cancellationToken)
    {
        List<Descriptor> referrers = [];
        string path = ReferrersPath(subject);
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path).Where(file => !Path.GetFileName(file).StartsWith('.')) : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            byte[] text = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
            Descriptor referrer = Descriptor.FromJson((JsonObject)JsonNode.Parse(text)!);
            if (File.Exists(MarkPath(ManifestsName, referrer.Digest)))
            {
                referrers.Add(referrer);
            }
        }

        return referrers;
    }

    private string TagsPath => Path.Combine(_path, "_tags");

    private string TagPath(string tag) => Path.Combine(TagsPath, tag);

    private string ReferrersPath(Digest subject) => Path.Combine(_path, "_referrers", FileName(subject));

    private string MarkPath(string kind, Digest digest) => Path.Combine(_path, kind, digest.AlgorithmName, digest.Hex);

    private static string FileName(Digest digest) => $"{digest.AlgorithmName}-{digest.Hex}";

    // Tags and media types are short, and are read for every manifest that is sent: one open, one read.
    private static string? ReadText(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> text = stackalloc byte[512];
            return Encoding.UTF8.GetString(text[..RandomAccess.Read(file, text, 0)]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private bool Remove(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        storage.Disk.FlushName(path);
        return true;
    }
}

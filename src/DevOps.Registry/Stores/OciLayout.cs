using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DevOps.Archives;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>An OCI image layout: content as files in a directory. Made on the first write; every file in it is whole or not there.</summary>
/// <remarks>Safe for use by several threads, objects and processes of this SDK at once. Source: OCI image-spec 1.1, image-layout.md.</remarks>
public sealed class OciLayout : IContentStore, ITagStore, ITagLister, IRootStore, IContentDeleter, IContentSeeker, IContentReceiver, IDisposable
{
    internal const string RefName = "org.opencontainers.image.ref.name";
    internal const string MarkerName = "oci-layout";
    internal const string MarkerText = """{"imageLayoutVersion":"1.0.0"}""";
    internal const string IndexName = "index.json";

    private readonly SemaphoreSlim _indexLock = new(1);

    /// <summary>Creates the access to a layout. Nothing is read or made yet.</summary>
    /// <param name="directory">The layout's directory.</param>
    public OciLayout(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Path = System.IO.Path.GetFullPath(directory);
    }

    /// <summary>Gets the layout's directory.</summary>
    public string Path { get; }

    /// <summary>Reads the layout's index: what it lists, with the tags in the annotation <c>org.opencontainers.image.ref.name</c>.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The index; an empty one if the directory is empty or not there.</returns>
    /// <exception cref="InvalidContentException">The directory is no layout, or its index breaks the specification.</exception>
    public async Task<ImageIndex> ReadIndexAsync(CancellationToken cancellationToken = default)
    {
        string index = System.IO.Path.Combine(Path, IndexName);
        if (!File.Exists(index))
        {
            return Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any(entry => System.IO.Path.GetFileName(entry) != LayoutLock.FileName) && !File.Exists(System.IO.Path.Combine(Path, MarkerName))
                ? throw new InvalidContentException($"directory '{Path}'", "it is not empty and no OCI layout", remedy: "Name an empty or a new directory, or a layout.")
                : ImageIndex.Create();
        }

        FileInfo info = new(index);
        return info.Length <= OciDocument.MaxLengthBytes
            ? ImageIndex.Parse(await File.ReadAllBytesAsync(index, cancellationToken).ConfigureAwait(false))
            : throw new InvalidContentException($"file '{index}'", $"it has {info.Length} bytes and {OciDocument.MaxLengthBytes} are allowed");
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new VerifyingStream(OpenFile(descriptor), descriptor, ToString()));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, descriptor.SizeBytes);
        cancellationToken.ThrowIfCancellationRequested();
        FileStream file = OpenFile(descriptor);
        file.Position = offset;
        return Task.FromResult<Stream>(file);
    }

    /// <inheritdoc/>
    /// <remarks>Content of another size than stated is not taken for the content: it will be written anew.</remarks>
    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        FileInfo file = new(PathOf(descriptor.Digest));
        return ValueTask.FromResult(file.Exists && file.Length == descriptor.SizeBytes);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The content could not be written; nothing is left of it.</exception>
    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(content);
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        string path = PathOf(descriptor.Digest);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to write");
        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await verifying.CopyToAsync(file.Content, 1 << 17, cancellationToken).ConfigureAwait(false);
            file.Commit();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The content could not be written; nothing is left of it.</exception>
    public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ReceivedContent.Check(mediaType, write);
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        string blobs = System.IO.Path.Combine(Path, "blobs", "sha256");
        Directory.CreateDirectory(blobs);
        return await ReceivedContent.ToFileAsync(mediaType, write, blobs, PathOf, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        return index.Manifests.FirstOrDefault(manifest => TagOf(manifest) == reference) ?? index.Manifests.FirstOrDefault(manifest => manifest.Digest.ToString() == reference);
    }

    /// <inheritdoc/>
    public async Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        TagRules.Check(tag);
        Descriptor tagged = manifest with { Annotations = manifest.Annotations.SetItem(RefName, tag) };
        await ChangeIndexAsync(
            manifest,
            index => index.Edit(tree =>
            {
                JsonArray list = (JsonArray)tree["manifests"]!;
                foreach (JsonNode? listed in list.Where(node => IsReplacedBy(Descriptor.FromJson((JsonObject)node!), tagged, tag)).ToArray())
                {
                    list.Remove(listed);
                }

                list.Add((JsonNode)tagged.ToJson());
            }),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task AddRootAsync(Descriptor root, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        Descriptor untagged = root with { Annotations = root.Annotations.Remove(RefName) };
        await ChangeIndexAsync(
            root,
            index => index.Manifests.Any(listed => listed.Digest == root.Digest) ? index : index.Edit(tree => ((JsonArray)tree["manifests"]!).Add((JsonNode)untagged.ToJson())),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        foreach (string tag in index.Manifests.Select(TagOf).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            yield return tag;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The index forgets a manifest that is removed, and its tags. What only it pointed to stays.</remarks>
    public async Task<bool> DeleteAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        string path = PathOf(descriptor.Digest);
        if (!File.Exists(path))
        {
            return false;
        }

        await ChangeIndexAsync(
            null,
            index => index.Manifests.All(listed => listed.Digest != descriptor.Digest) ? index : index.Edit(tree =>
            {
                JsonArray list = (JsonArray)tree["manifests"]!;
                foreach (JsonNode? listed in list.Where(node => Descriptor.FromJson((JsonObject)node!).Digest == descriptor.Digest).ToArray())
                {
                    list.Remove(listed);
                }
            }),
            cancellationToken).ConfigureAwait(false);
        File.Delete(path);
        return true;
    }

    /// <summary>Returns what the layout is and where.</summary>
    public override string ToString() => $"OCI layout '{Path}'";

    /// <summary>Releases the lock on the index. Files stay.</summary>
    public void Dispose() => _indexLock.Dispose();

    private static string? TagOf(Descriptor manifest) => manifest.Annotations.GetValueOrDefault(RefName);

    // A tag has one line, and a manifest that gets a tag needs no line without one.
    private static bool IsReplacedBy(Descriptor listed, Descriptor tagged, string tag) =>
        TagOf(listed) == tag || (TagOf(listed) is null && listed.Digest == tagged.Digest);

    private async Task ChangeIndexAsync(Descriptor? manifest, Func<ImageIndex, ImageIndex> change, CancellationToken cancellationToken)
    {
        if (manifest is not null && !await ContainsAsync(manifest, cancellationToken).ConfigureAwait(false))
        {
            throw new ContentNotFoundException(ToString(), manifest.Digest.ToString());
        }

        await _indexLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using FileStream others = await LayoutLock.EnterAsync(Path, cancellationToken).ConfigureAwait(false);
            ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            ImageIndex changed = change(index);
            if (changed.Digest != index.Digest)
            {
                await WriteFileAsync(IndexName, changed.RawBytes, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _indexLock.Release();
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(System.IO.Path.Combine(Path, MarkerName)))
        {
            return;
        }

        await _indexLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _ = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            Directory.CreateDirectory(Path);
            using FileStream others = await LayoutLock.EnterAsync(Path, cancellationToken).ConfigureAwait(false);
            ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            await WriteFileAsync(IndexName, index.RawBytes, cancellationToken).ConfigureAwait(false);
            await WriteFileAsync(MarkerName, System.Text.Encoding.UTF8.GetBytes(MarkerText), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _indexLock.Release();
        }
    }

    private Task WriteFileAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        AtomicFile.WriteAllBytesAsync(System.IO.Path.Combine(Path, name), bytes, cancellationToken);

    private FileStream OpenFile(Descriptor descriptor)
    {
        try
        {
            return new(PathOf(descriptor.Digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ContentNotFoundException(ToString(), descriptor.Digest.ToString());
        }
    }

    private string PathOf(Digest digest) => System.IO.Path.Combine(Path, "blobs", digest.AlgorithmName, digest.Hex);
}

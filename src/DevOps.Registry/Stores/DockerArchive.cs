using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>An archive of images as <c>docker save</c> writes it, read in place. Archives that are OCI layouts too are read as such, so their digests stay.</summary>
/// <remarks>The file must not change while this object is used. Memory: the names of the archive's members, and the images' documents.</remarks>
public sealed class DockerArchive : IContentSource, ITagResolver
{
    private readonly ArchiveContents _contents;
    private readonly IReadOnlyDictionary<Digest, (long Offset, long LengthBytes)> _blobs;
    private readonly IReadOnlyDictionary<Digest, ReadOnlyMemory<byte>> _documents;

    internal DockerArchive(
        string path,
        ArchiveContents contents,
        ImmutableArray<DockerArchiveImage> images,
        IReadOnlyDictionary<Digest, (long Offset, long LengthBytes)> blobs,
        IReadOnlyDictionary<Digest, ReadOnlyMemory<byte>> documents)
        => (Path, _contents, Images, _blobs, _documents) = (path, contents, images, blobs, documents);

    /// <summary>Gets the archive's path.</summary>
    public string Path { get; }

    /// <summary>Gets the images, in the archive's order. There is at least one.</summary>
    public ImmutableArray<DockerArchiveImage> Images { get; }

    /// <summary>Opens an archive. It is walked once; layers are not read, except those that are stored compressed without a digest.</summary>
    /// <param name="path">The archive, not compressed as a whole.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="FileNotFoundException">The archive does not exist.</exception>
    /// <exception cref="InvalidContentException">The file is no such archive.</exception>
    public static async Task<DockerArchive> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The archive '{path}' does not exist. Check the path.", path);
        }

        ArchiveContents contents = await ArchiveContents.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return await DockerArchiveReader.ReadAsync(path, contents, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        cancellationToken.ThrowIfCancellationRequested();
        Stream content = _documents.TryGetValue(descriptor.Digest, out ReadOnlyMemory<byte> document) ? new MemoryStream(document.ToArray(), writable: false)
            : _blobs.TryGetValue(descriptor.Digest, out (long, long) place) ? _contents.Open(place)
            : throw new ContentNotFoundException(ToString(), descriptor.Digest.ToString());
        return Task.FromResult<Stream>(new VerifyingStream(content, descriptor, ToString()));
    }

    /// <inheritdoc/>
    public ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ValueTask.FromResult(Images.FirstOrDefault(image => image.Names.Contains(reference) || image.Manifest.Digest.ToString() == reference)?.Manifest);
    }

    /// <summary>Returns what the archive is and where.</summary>
    public override string ToString() => $"archive '{Path}'";
}

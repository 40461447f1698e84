using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>An archive of images as <c>docker save</c> writes it, read in place. Archives that are OCI layouts too are read as such, so their digests stay.</summary>
/// <remarks>The file must not change while this object is used. Memory: the names of the archive's members, and the images' documents.</remarks>
public sealed class DockerArchive : IContentSource, ITagResolver, IContentSeeker, IReferrerLister
{
    private readonly ArchiveContents _contents;
    private readonly IReadOnlyDictionary<Digest, (long Offset, long LengthBytes)> _blobs;
    private readonly IReadOnlyDictionary<Digest, ReadOnlyMemory<byte>> _documents;
    private readonly ListedReferrers _referrers;
    private readonly ImmutableArray<DockerArchiveImage> _listed;
    private readonly ImmutableArray<Descriptor> _roots;

    internal DockerArchive(
        string path,
        ArchiveContents contents,
        ImmutableArray<DockerArchiveImage> listed,
        ImmutableArray<DockerArchiveImage> images,
        IReadOnlyDictionary<Digest, (long Offset, long LengthBytes)> blobs,
        IReadOnlyDictionary<Digest, ReadOnlyMemory<byte>> documents)
        => (Path, _contents, _listed, Images, _blobs, _documents, _referrers, _roots) = (path, contents, listed, images, blobs, documents, new(this), [.. listed.Select(image => image.Manifest)]);

    /// <summary>Gets the archive's path.</summary>
    public string Path { get; }

    /// <summary>Gets the images, in the archive's order. What belongs to another manifest, as a signature does, is none: <see cref="ListReferrersAsync"/> and <see cref="ResolveAsync"/> find it.</summary>
    /// <value>Empty only in an OCI archive that lists nothing else.</value>
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
        return Task.FromResult<Stream>(new VerifyingStream(Open(descriptor, 0), descriptor, ToString()));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, descriptor.SizeBytes);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open(descriptor, offset));
    }

    /// <inheritdoc/>
    /// <remarks>A reference finds an image however it is written: <c>docker.io/library/alpine:3</c> is <c>alpine:3</c>.</remarks>
    public ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        DockerArchiveImage? image = _listed.FirstOrDefault(image => image.Names.Contains(reference) || image.Manifest.Digest.ToString() == reference);
        if (image is null && ListedName.WholeOf(reference) is { } whole)
        {
            image = _listed.FirstOrDefault(image => image.Names.Any(name => ListedName.WholeOf(name) == whole));
        }

        return ValueTask.FromResult(image?.Manifest);
    }

    /// <inheritdoc/>
    /// <remarks>Only an archive that is an OCI layout too has any.</remarks>
    /// <exception cref="ContentVerificationException">A manifest is damaged.</exception>
    /// <exception cref="InvalidContentException">A manifest breaks the specification.</exception>
    public async IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, string? artifactType = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        foreach (Descriptor referrer in await _referrers.FindAsync(_roots, subject, artifactType, cancellationToken).ConfigureAwait(false))
        {
            yield return referrer;
        }
    }

    /// <summary>Returns what the archive is and where.</summary>
    public override string ToString() => $"archive '{Path}'";

    private Stream Open(Descriptor descriptor, long offset)
    {
        if (_documents.TryGetValue(descriptor.Digest, out ReadOnlyMemory<byte> document))
        {
            return new MemoryStream(document.ToArray(), writable: false) { Position = offset };
        }

        return _blobs.TryGetValue(descriptor.Digest, out (long, long) place) ? _contents.Open(place, offset) : throw new ContentNotFoundException(ToString(), descriptor.Digest.ToString());
    }
}

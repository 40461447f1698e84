using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>An OCI image layout: content as files in a directory. Made on the first write; every file in it is whole or not there.</summary>
/// <remarks>
/// Safe for use by several threads, objects and processes of this SDK at once, on file systems that keep locks; a process that is killed leaves nothing but a file that garbage collection removes.
/// The disk is not waited for: after a loss of power, what was written in the last seconds may be missing or damaged. A copy finds what is missing, and a verification what is damaged.
/// Other programs (skopeo, umoci) know nothing of the lock: let none of them write at the same time.
/// No link below the directory is followed, and nothing but regular files is opened. Source: OCI image-spec 1.1, image-layout.md.
/// </remarks>
public sealed class OciLayout : IContentStore, ITagStore, ITagLister, IRootStore, IContentDeleter, IContentSeeker, IReferrerLister, IContentReceiver, IDisposable
{
    internal const string RefName = "org.opencontainers.image.ref.name";
    internal const string MarkerName = "oci-layout";
    internal const string MarkerText = """{"imageLayoutVersion":"1.0.0"}""";
    internal const string IndexName = "index.json";

    private readonly TimeProvider _time;
    private readonly LayoutGate _gate;
    private readonly LayoutBlobs _blobs;
    private readonly LayoutIndexFile _index;
    private readonly ListedReferrers _referrers;

    /// <summary>Creates the access to a layout. Nothing is read or made yet.</summary>
    /// <param name="directory">The layout's directory.</param>
    /// <param name="timeProvider">The clock by which content ages, for garbage collection; the system's if <see langword="null"/>. Processes that share a layout need clocks that agree to about a minute.</param>
    public OciLayout(string directory, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Path = System.IO.Path.GetFullPath(directory);
        _time = timeProvider ?? TimeProvider.System;
        _gate = new(Path);
        _blobs = new(Path, _gate, _time);
        _index = new(Path, _gate);
        _referrers = new(this);
    }

    /// <summary>Gets the layout's directory.</summary>
    public string Path { get; }

    /// <summary>Reads the layout's index: what it lists, with the tags in the annotation <c>org.opencontainers.image.ref.name</c>.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The index; an empty one if the directory is empty or not there.</returns>
    /// <exception cref="InvalidContentException">The directory is no layout, or its index breaks the specification.</exception>
    public async Task<ImageIndex> ReadIndexAsync(CancellationToken cancellationToken = default) =>
        await _index.ReadAsync(cancellationToken).ConfigureAwait(false) ?? ImageIndex.Create();

    /// <inheritdoc/>
    /// <exception cref="InvalidContentException">A link or a directory is in the content's place.</exception>
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new VerifyingStream(Open(descriptor, 0), descriptor, ToString()));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidContentException">A link or a directory is in the content's place.</exception>
    public Task<Stream> OpenReadAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, descriptor.SizeBytes);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open(descriptor, offset));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Content of another size than stated is not taken for the content: it will be written anew. Content that is there was wanted now, which keeps it from garbage collection for the grace age:
    /// the time of its file is renewed, unless it is younger than a minute or this process may not change it.
    /// </remarks>
    /// <exception cref="InvalidContentException">A link or a directory is in the content's place.</exception>
    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return _blobs.WantAsync(descriptor, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The content could not be written; nothing is left of it.</exception>
    /// <exception cref="InvalidContentException">The directory is no layout, or a link or a directory is in the content's place.</exception>
    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(content);
        await _index.MakeAsync(cancellationToken).ConfigureAwait(false);
        using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to write");
        await _blobs.WriteAsync(descriptor.Digest, verifying, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The content could not be written; nothing is left of it.</exception>
    /// <exception cref="InvalidContentException">The directory is no layout, or a link or a directory is in the content's place.</exception>
    public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ReceivedContent.Check(mediaType, write);
        await _index.MakeAsync(cancellationToken).ConfigureAwait(false);
        return await _blobs.ReceiveAsync(mediaType, write, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>A whole reference, as <c>docker.io/library/alpine:3</c>, finds what docker, buildx or skopeo listed under it.</remarks>
    /// <exception cref="DevOpsException">The tag stands for several contents, as layouts of docker can have it: give a whole reference or a digest.</exception>
    public async ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        return ListedName.Find(index.Manifests, reference, ToString());
    }

    /// <inheritdoc/>
    public async Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        TagRules.Check(tag);
        await CheckContainsAsync(manifest, cancellationToken).ConfigureAwait(false);
        await _index.ChangeAsync(index => index.WithTag(manifest, tag), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task AddRootAsync(Descriptor root, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        await CheckContainsAsync(root, cancellationToken).ConfigureAwait(false);
        await _index.ChangeAsync(index => index.WithRoot(root), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        foreach (string tag in index.Manifests.Select(ListedName.TagOf).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            yield return tag;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Referrers are found among the manifests that the index reaches: listed there (as oras and a copy of this SDK do it) or in the index of a tag that stands for the list (as regclient does).
    /// The first question reads all these manifests; later ones only those that came since.
    /// </remarks>
    /// <exception cref="ContentVerificationException">A manifest is damaged.</exception>
    /// <exception cref="InvalidContentException">The index or a manifest breaks the specification.</exception>
    public async IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, string? artifactType = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ImageIndex index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        foreach (Descriptor referrer in await _referrers.FindAsync(index.Manifests, subject, artifactType, cancellationToken).ConfigureAwait(false))
        {
            yield return referrer;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The index forgets a manifest that is removed, and its tags. What only it pointed to stays until garbage is collected.</remarks>
    public async Task<bool> DeleteAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (_blobs.Find(descriptor.Digest) is not { } file)
        {
            return false;
        }

        await _index.ChangeAsync(index => index.Without(listed => listed.Digest == descriptor.Digest), cancellationToken).ConfigureAwait(false);
        await _blobs.RemoveAsync(file, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes a tag, and the entry that has it. The content stays until garbage is collected.</summary>
    /// <param name="tag">The tag, or a whole reference that an entry has.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    /// <returns>Whether there was such a tag.</returns>
    /// <exception cref="DevOpsException">The tag stands for several contents.</exception>
    public async Task<bool> DeleteTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return ListedName.EntriesOf((await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Manifests, tag).Length > 0
            && await _index.ChangeAsync(index => WithoutTag(index, tag), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes content that nothing listed reaches, and what killed processes left over.</summary>
    /// <param name="options">What stays; <see cref="LayoutGarbageOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the collection. What was removed by then was garbage.</param>
    /// <returns>What was kept and removed.</returns>
    /// <exception cref="ContentVerificationException">A manifest is damaged. Nothing was removed.</exception>
    /// <exception cref="InvalidContentException">The directory is no layout, or its index or a manifest breaks the specification. Nothing was removed.</exception>
    /// <remarks>
    /// Reached is what the index lists and all below it, by way of subjects too: a signature that is listed keeps what it signs, so delete the signatures of what should go. Content younger than the grace age stays, and so does what it names.
    /// Copies of this SDK can go on meanwhile, in this and other processes, if none takes longer than the grace age; they wait while files are removed. Memory: a few hundred bytes for each blob.
    /// </remarks>
    public Task<LayoutGarbageResult> CollectGarbageAsync(LayoutGarbageOptions? options = null, CancellationToken cancellationToken = default) =>
        new LayoutGarbage(this, _index, _blobs, _gate, options ?? LayoutGarbageOptions.Default, _time).CollectAsync(cancellationToken);

    /// <summary>Returns what the layout is and where.</summary>
    public override string ToString() => $"OCI layout '{Path}'";

    /// <summary>Releases the lock on the index. Files stay.</summary>
    public void Dispose() => _gate.Dispose();

    private ImageIndex WithoutTag(ImageIndex index, string tag)
    {
        _ = ListedName.Find(index.Manifests, tag, ToString());
        Descriptor[] named = ListedName.EntriesOf(index.Manifests, tag);
        return index.Without(listed => named.Any(entry => entry.Digest == listed.Digest && ListedName.TagOf(entry) == ListedName.TagOf(listed) && ListedName.ReferenceOf(entry) == ListedName.ReferenceOf(listed)));
    }

    private Stream Open(Descriptor descriptor, long offset) => _blobs.Open(descriptor.Digest, offset) ?? throw new ContentNotFoundException(ToString(), descriptor.Digest.ToString());

    private async Task CheckContainsAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        if (!await _blobs.WantAsync(manifest, cancellationToken).ConfigureAwait(false))
        {
            throw new ContentNotFoundException(ToString(), manifest.Digest.ToString());
        }
    }
}

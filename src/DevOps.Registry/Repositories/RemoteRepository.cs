using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A repository in a registry. Manifests and blobs are told apart by their media type, as the registry keeps them apart.</summary>
/// <remarks>Source: OCI distribution-spec 1.1.</remarks>
public sealed class RemoteRepository : IRepository, ITagLister, IContentMounter, IContentDeleter, IReferrerLister, IContentSeeker, IContentResumer, ITaggedWriter, IContentReceiver
{
    private static readonly ImmutableArray<string> ManifestTypes = [MediaTypes.ImageIndex, MediaTypes.ImageManifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest];

    private readonly RegistryTransport _transport;
    private readonly ContentReads _reads;
    private readonly BlobUploads _uploads;
    private readonly ManifestPush _manifests;

    internal RemoteRepository(RegistryTransport transport, RegistryAddress registry, RepositoryName name)
    {
        (_transport, Registry, Name) = (transport, registry, name);
        _reads = new(transport, this);
        _uploads = new(transport, this);
        _manifests = new(transport, this);
    }

    /// <inheritdoc/>
    public RegistryAddress Registry { get; }

    /// <inheritdoc/>
    public RepositoryName Name { get; }

    internal string Root => $"/v2/{Name}";

    internal string PullScope => $"repository:{Name}:pull";

    internal string PushScope => $"repository:{Name}:pull,push";

    /// <inheritdoc/>
    /// <remarks>
    /// Content that is embedded in the descriptor and is what it names is given without a request; embedded bytes that are not are passed over, since the registry's own are verified in any case.
    /// A blob counts for <see cref="RegistryConnectionOptions.MaxConcurrentRequests"/> until it was read to its end or the stream is disposed.
    /// </remarks>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return descriptor.TryGetData(out ReadOnlyMemory<byte> data)
            ? new VerifyingStream(new MemoryStream(data.ToArray(), writable: false), descriptor, ToString())
            : await _reads.OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Mirrors are not asked: a part cannot be verified by itself. What is opened at 0 is verified as it is read. As for <see cref="OpenReadAsync"/>, a blob counts until it was read or the stream is disposed.</remarks>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task<Stream> OpenReadAtAsync(Descriptor descriptor, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, descriptor.SizeBytes);
        return await _reads.OpenAtAsync(descriptor, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return await _reads.HoldsAsync(descriptor, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(content);
        using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to push");
        if (!MediaTypes.IsManifest(descriptor.MediaType))
        {
            await _uploads.WriteAsync(descriptor, verifying, cancellationToken).ConfigureAwait(false);
            return;
        }

        byte[] bytes = await ManifestBytes.ReadAsync(verifying, descriptor, cancellationToken).ConfigureAwait(false);
        await _manifests.WriteAsync(descriptor, bytes, descriptor.Digest.ToString(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The tag is malformed, or the content is no manifest.</exception>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task WriteTaggedAsync(Descriptor manifest, Stream content, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(content);
        TagRules.Check(tag);
        if (!MediaTypes.IsManifest(manifest.MediaType))
        {
            throw new ArgumentException($"A tag names a manifest, and {manifest} is none.", nameof(manifest));
        }

        using Stream verifying = VerifyingStream.Ensure(content, manifest, "the content to push");
        byte[] bytes = await ManifestBytes.ReadAsync(verifying, manifest, cancellationToken).ConfigureAwait(false);
        if (manifest.Digest.Algorithm != DigestAlgorithm.Sha256)
        {
            // Under a tag alone, a registry would file it by the algorithm that it likes.
            await _manifests.WriteAsync(manifest, bytes, manifest.Digest.ToString(), cancellationToken).ConfigureAwait(false);
        }

        await _manifests.WriteAsync(manifest, bytes, tag, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>A transfer that broke off goes on behind the bytes that the registry acknowledged; with <see cref="RegistryClientOptions.UploadJournal"/> also that of a process that is no more.</remarks>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task WriteAsync(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(openAt);
        if (!MediaTypes.IsManifest(descriptor.MediaType))
        {
            await _uploads.WriteAsync(descriptor, openAt, cancellationToken).ConfigureAwait(false);
            return;
        }

        Stream content = await openAt(0, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            await WriteAsync(descriptor, content, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The bytes go into one request of unknown length; a registry that wants lengths gets chunks of <see cref="RegistryClientOptions.UploadChunkBytes"/>, 64 MiB at most, which are kept in memory one at a time. After a break the content is made again, and what the
    /// registry acknowledged is not sent again. A client with a <see cref="RegistryClientOptions.UploadJournal"/> takes nothing this way: what has no digest yet could not be noted.
    /// </remarks>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ReceivedContent.Check(mediaType, write);
        return _transport.Options.UploadJournal is null
            ? await RegistrySpans.RunAsync("push blob", this, null, () => new StreamedUpload(new(_transport, this), mediaType, write).RunAsync(cancellationToken)).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ResolveAsync(reference, MirrorTrust.Tags, cancellationToken);
    }

    /// <summary>Asks the registry itself, whatever its mirrors are believed.</summary>
    internal ValueTask<Descriptor?> ResolveWithoutMirrorsAsync(string tag, CancellationToken cancellationToken) => ResolveAsync(tag, null, cancellationToken);

    private async ValueTask<Descriptor?> ResolveAsync(string reference, MirrorTrust? tagNeed, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(reference, out Digest? digest) && !ImageReference.IsTag(reference))
        {
            // It goes into a path, and nothing can have such a name.
            return null;
        }

        return await RegistrySpans.RunAsync("resolve", this, null, () => FindAsync(reference, digest, tagNeed, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be reached, or refused.</exception>
    public async Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        TagRules.Check(tag);
        ReadOnlyMemory<byte> bytes = await this.ReadAllBytesAsync(manifest, cancellationToken: cancellationToken).ConfigureAwait(false);
        await _manifests.WriteAsync(manifest, bytes.ToArray(), tag, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a manifest several tags, with one request where the registry can.</summary>
    /// <param name="manifest">The manifest; the repository holds it.</param>
    /// <param name="tags">The tags. Those that other manifests have move; of the same, one counts.</param>
    /// <param name="cancellationToken">Stops the work; some tags may be set then.</param>
    /// <exception cref="ArgumentException">A tag is malformed. None was set.</exception>
    /// <exception cref="RegistryException">The registry could not be reached, or refused; tags before the one that it refused are set.</exception>
    /// <remarks>Source: OCI distribution-spec, after 1.1, "Pushing Manifests": <c>tag=</c> and <c>OCI-Tag</c>. Tags that an answer does not name are set one by one.</remarks>
    public async Task TagAsync(Descriptor manifest, IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(tags);
        string[] all = [.. tags.Distinct(StringComparer.Ordinal)];
        foreach (string tag in all)
        {
            TagRules.Check(tag);
        }

        if (all.Length > 0)
        {
            ReadOnlyMemory<byte> bytes = await this.ReadAllBytesAsync(manifest, cancellationToken: cancellationToken).ConfigureAwait(false);
            await _manifests.TagAsync(manifest, bytes.ToArray(), all, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out whether a push can begin, before a byte is sent: opens an upload, and cancels it.</summary>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What the registry said. Limits of size and space show at the push alone.</returns>
    /// <exception cref="RegistryException">The registry could not be asked, or has a fault.</exception>
    public async Task<PushCheck> CheckPushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _uploads.CheckAsync(cancellationToken).ConfigureAwait(false);
            return new(PushVerdict.Allowed, HttpStatusCode.Accepted, "the registry opened an upload");
        }
        catch (RegistryException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return new(PushVerdict.Refused, e.StatusCode, e.Message);
        }
        catch (RegistryException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return new(PushVerdict.NoRepository, e.StatusCode, e.Message);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">A page could not be read; tags already yielded stay valid.</exception>
    public IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancellationToken = default) =>
        NamePages.ReadAsync(_transport, ToString(), Request(HttpMethod.Get, $"{Root}/tags/list", "list tags"), "tags", cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Possible between repositories of one registry, and without a source in <see cref="RegistryClientOptions.AnonymousMountRegistries"/>. Source: OCI distribution-spec 1.1, "Mounting a blob from another repository".</remarks>
    public async ValueTask<bool> TryMountAsync(Descriptor descriptor, IContentSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return await _uploads.TryMountAsync(descriptor, CanMountFrom(source) ? (RemoteRepository)source : null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The registry could not be reached, or refused: many do not delete.</exception>
    public async Task<bool> DeleteAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        RegistryRequest request = Request(HttpMethod.Delete, ContentReads.PathOf(this, descriptor), $"delete {descriptor.Digest}");
        return await RegistrySpans.RunAsync("delete", this, descriptor, () => DeleteAsync(request, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Removes a tag. Its manifest stays, and so do its other tags.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    /// <returns>Whether there was such a tag.</returns>
    /// <exception cref="ArgumentException">The text is no tag.</exception>
    /// <exception cref="RegistryException">The registry could not be reached, or refused: many do not remove single tags.</exception>
    /// <remarks>Source: OCI distribution-spec 1.1, "Deleting tags".</remarks>
    public async Task<bool> DeleteTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        TagRules.Check(tag);
        RegistryRequest request = Request(HttpMethod.Delete, $"{Root}/manifests/{tag}", $"delete tag '{tag}'");
        return await RegistrySpans.RunAsync("delete tag", this, null, () => DeleteAsync(request, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Falls back to the referrers tag where the registry has no such list. Source: OCI distribution-spec 1.1, "Listing Referrers".</remarks>
    /// <exception cref="RegistryException">The list could not be read.</exception>
    /// <exception cref="InvalidContentException">The list breaks the specification.</exception>
    public IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, string? artifactType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return ReferrerPages.ReadAsync(_transport, this, subject, artifactType, cancellationToken);
    }

    /// <summary>Returns the repository's whole name.</summary>
    public override string ToString() => $"repository {Registry}/{Name}";

    internal bool CanMountFrom(IContentSource source) => source is RemoteRepository other && other.Registry == Registry && other.Name != Name;

    internal RegistryRequest Request(HttpMethod method, string path, string operation) => new(Registry, method, path, operation) { Repository = Name, Scopes = [PullScope] };

    private async Task<bool> DeleteAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        request = request with { Scopes = [$"repository:{Name}:delete"] };
        using HttpResponseMessage response = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.NotFound
            ? false
            : throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false));
    }

    private async Task<Descriptor?> FindAsync(string reference, Digest? digest, MirrorTrust? tagNeed, CancellationToken cancellationToken)
    {
        if ((digest is not null && _transport.Mirrors.HasAny(Registry)) || !_transport.Abilities.Has(Registry, RegistryAbility.Head))
        {
            // What a mirror says of a digest is worth as much as the bytes that it shows for it.
            return await ResolveByReadingAsync(reference, digest, tagNeed, cancellationToken).ConfigureAwait(false);
        }

        RegistryRequest request = Request(HttpMethod.Head, $"{Root}/manifests/{reference}", $"find '{reference}'") with { Accept = ManifestTypes, MirrorNeed = tagNeed };
        using HttpResponseMessage response = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (PullMirrors.Of(response) is null && _transport.Abilities.RefusesHead(Registry, response.StatusCode))
        {
            return await ResolveByReadingAsync(reference, digest, tagNeed, cancellationToken).ConfigureAwait(false);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
        }

        string? type = response.Content.Headers.ContentType?.MediaType;
        string? stated = response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values) ? values.First() : null;
        return type is not null && MediaTypes.IsManifest(type) && response.Content.Headers.ContentLength is > 0 and { } length && (digest is not null || Digest.TryParse(stated, out digest))
            ? new(type, digest, length)
            : await ResolveByReadingAsync(reference, digest, tagNeed, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Descriptor?> ResolveByReadingAsync(string reference, Digest? digest, MirrorTrust? tagNeed, CancellationToken cancellationToken)
    {
        MirrorUse mirrors = new(_transport.Mirrors);
        RegistryRequest request = Request(HttpMethod.Get, $"{Root}/manifests/{reference}", $"find '{reference}'") with { Accept = ManifestTypes, MirrorNeed = digest is null ? tagNeed : MirrorTrust.Digests, Mirrors = mirrors };
        while (true)
        {
            using HttpResponseMessage response = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return response.StatusCode == HttpStatusCode.NotFound ? null : throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                byte[] bytes = await ManifestBytes.ReadAsync(request, response, cancellationToken).ConfigureAwait(false);
                Descriptor found = ManifestDocument.Parse(bytes, response.Content.Headers.ContentType?.MediaType ?? MediaTypes.ImageManifest).Descriptor;
                if (digest is null)
                {
                    return found;
                }

                Descriptor asked = new(found.MediaType, digest, bytes.Length);
                Digest actual = Digest.Compute(bytes, digest.Algorithm);
                return actual == digest ? asked : throw new DigestMismatchException(ToString(), asked, actual);
            }
            catch (Exception e) when (e is DevOpsException or IOException or HttpRequestException && PullMirrors.Of(response) is { } mirror)
            {
                mirrors.Leave(mirror, e.Message);
            }
        }
    }
}

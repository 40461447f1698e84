using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Keeps artifacts in a store of content: a repository of a registry, an OCI layout.</summary>
/// <remarks>Each is an OCI manifest with an artifact type, one layer and an empty configuration, so that any OCI tool can fetch it. Source: OCI image-spec 1.1, manifest.md, "Guidelines for Artifact Usage".</remarks>
public sealed class ContentArtifactStore : IArtifactStore
{
    /// <summary>The artifact type of the manifests.</summary>
    public const string ArtifactType = "application/vnd.devops.pipelines.artifact.v1";

    private const string TitleAnnotation = "org.opencontainers.image.title";
    private const string FileCountAnnotation = "devops.pipelines.file-count";
    private const string Origin = "the store of content";

    private readonly IContentStore _store;
    private readonly ArtifactTags _tags;

    /// <summary>Uses a store of content.</summary>
    /// <param name="store">The store; not disposed.</param>
    /// <param name="tags">Whether artifacts get tags.</param>
    public ContentArtifactStore(IContentStore store, ArtifactTags tags = ArtifactTags.ByDigest)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _tags) = (store, tags);
    }

    /// <summary>Returns the manifest that an artifact has in such a store. It depends on the artifact's name, digest, size, media type and number of files only.</summary>
    /// <param name="artifact">The artifact.</param>
    public static ImageManifest ManifestOf(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return ImageManifest.Create(Descriptor.EmptyJson, LayerOf(artifact))
            .Edit(tree => tree["artifactType"] = ArtifactType)
            .WithAnnotations([new(TitleAnnotation, artifact.Name), new(FileCountAnnotation, artifact.FileCount.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ContainsAsync(Artifact artifact, CancellationToken cancellationToken = default) =>
        await _store.ContainsAsync(ManifestOf(artifact).Descriptor, cancellationToken).ConfigureAwait(false)
            && await _store.ContainsAsync(LayerOf(artifact), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <remarks>The manifest is written last. A layer that the store says it has is not sent again.</remarks>
    public async Task WriteAsync(Artifact artifact, Stream content, CancellationToken cancellationToken = default)
    {
        ImageManifest manifest = ManifestOf(artifact);
        ArgumentNullException.ThrowIfNull(content);
        if (!await _store.ContainsAsync(manifest.Layers[0], cancellationToken).ConfigureAwait(false))
        {
            using Stream verifying = VerifyingStream.Ensure(content, manifest.Layers[0], "the content to write");
            await _store.WriteAsync(manifest.Layers[0], verifying, cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(Descriptor.EmptyJson, "{}"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await WriteAsync(manifest.Descriptor, manifest.RawBytes, cancellationToken).ConfigureAwait(false);
        if (_tags == ArtifactTags.ByDigest && _store is ITagStore tags)
        {
            await tags.TagAsync(manifest.Descriptor, $"artifact-{manifest.Digest.Hex}", cancellationToken).ConfigureAwait(false);
        }
        else if (_store is IRootStore roots)
        {
            await roots.AddRootAsync(manifest.Descriptor, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        try
        {
            return await _store.OpenReadAsync(LayerOf(artifact), cancellationToken).ConfigureAwait(false);
        }
        catch (ContentNotFoundException e)
        {
            throw new ArtifactNotFoundException(artifact, Origin, e);
        }
    }

    private static Descriptor LayerOf(Artifact artifact) => new(artifact.MediaType, artifact.Digest, artifact.SizeBytes);

    private async Task WriteAsync(Descriptor descriptor, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using MemoryStream content = new(bytes.ToArray(), writable: false);
        await _store.WriteAsync(descriptor, content, cancellationToken).ConfigureAwait(false);
    }
}

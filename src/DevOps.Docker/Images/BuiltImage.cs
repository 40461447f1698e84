using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>An image with all its digests known. Its new layers are files on disk until it is disposed; its base's layers are where the base is.</summary>
public sealed class BuiltImage : IContentSource, ICompositeSource, IAsyncDisposable
{
    private readonly ResolvedBase _base;
    private readonly LayerFolder _folder;
    private readonly Descriptor _config;
    private bool _disposed;

    internal BuiltImage(ImageManifest manifest, ImageConfig config, ImmutableArray<BuiltLayer> layers, ResolvedBase found, LayerFolder folder)
    {
        (Manifest, Config, Layers) = (manifest, config, layers);
        (_base, _folder, _config) = (found, folder, manifest.Config);
    }

    /// <summary>Gets the manifest.</summary>
    public ImageManifest Manifest { get; }

    /// <summary>Gets the configuration.</summary>
    public ImageConfig Config { get; }

    /// <summary>Gets the new layers, in order; the base's are below them in <see cref="Manifest"/>.</summary>
    public ImmutableArray<BuiltLayer> Layers { get; }

    /// <summary>Gets the digest of the manifest, which names the image in a registry.</summary>
    public Digest Digest => Manifest.Digest;

    /// <summary>Gets the digest of the configuration, which Docker calls the image ID.</summary>
    public Digest ImageId => Config.Digest;

    /// <summary>Gets the descriptor of the manifest.</summary>
    public Descriptor Descriptor => Manifest.Descriptor;

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (descriptor.Digest == Digest || descriptor.Digest == _config.Digest)
        {
            ReadOnlyMemory<byte> bytes = descriptor.Digest == Digest ? Manifest.RawBytes : Config.RawBytes;
            return new VerifyingStream(new MemoryStream(bytes.ToArray(), writable: false), descriptor, "the built image");
        }

        IContentSource source = SourceOf(descriptor);
        return source != this
            ? await source.OpenReadAsync(descriptor, cancellationToken).ConfigureAwait(false)
            : throw new ContentNotFoundException("the built image", descriptor.Digest.ToString());
    }

    /// <inheritdoc/>
    public IContentSource SourceOf(Descriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return _folder.Holds(descriptor) ? _folder : _base.Source is { } source && _base.Layers.Contains(descriptor) ? source : this;
    }

    /// <summary>Pushes the image to a repository; what is there already is not sent again.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tag">A tag for the image, or <see langword="null"/> for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Stops the push; a next one continues with what is missing.</param>
    /// <returns>The image's reference, with tag and digest, and what was sent.</returns>
    /// <exception cref="ContentCopyException">The push failed; says at which end.</exception>
    public async Task<PushResult> PushAsync(
        IRepository repository, string? tag = null, IProgress<ContentProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ObjectDisposedException.ThrowIf(_disposed, this);
        CopyResult copy = await this.CopyAsync(Descriptor, repository, tag, progress: progress, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new(new(repository.Registry, repository.Name, tag, Digest), copy);
    }

    /// <summary>Saves the image with all its layers into a store: an OCI layout, an archive, memory.</summary>
    /// <param name="store">The store.</param>
    /// <param name="tag">A tag for the image, or <see langword="null"/> for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Stops the saving.</param>
    /// <exception cref="ContentCopyException">The saving failed; says at which end.</exception>
    public Task<CopyResult> SaveAsync(
        IContentStore store, string? tag = null, IProgress<ContentProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return this.CopyAsync(Descriptor, store, tag, progress: progress, cancellationToken: cancellationToken);
    }

    /// <summary>Removes the built layers from disk.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

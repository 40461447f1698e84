using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Assembles an image in process, without a daemon. Immutable: each <c>With</c> method returns a new builder. Nothing is read or fetched before <see cref="BuildAsync"/>.</summary>
/// <remarks>The same description of the same files gives the same digest. The platform is <c>linux/amd64</c> unless another is chosen, on every machine.</remarks>
public sealed class ImageBuilder
{
    private readonly ImageDescription _description;

    private ImageBuilder(ImageDescription description) => _description = description;

    /// <summary>Gets a builder with no layers, as <c>FROM scratch</c>.</summary>
    public static ImageBuilder Scratch { get; } = new(new ImageDescription(new BaseImage.Nothing()));

    /// <summary>Returns a builder on top of an image in a registry.</summary>
    /// <param name="reference">The image, as <c>debian:12</c>.</param>
    /// <exception cref="FormatException">The text is not a reference.</exception>
    public static ImageBuilder From(string reference) => From(ImageReference.Parse(reference));

    /// <summary>Returns a builder on top of an image in a registry.</summary>
    /// <param name="reference">The image.</param>
    public static ImageBuilder From(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return new(new ImageDescription(new BaseImage.Referenced(reference)));
    }

    /// <summary>Returns a builder on top of an image in a store: a layout, an archive, memory.</summary>
    /// <param name="source">The store; it must stay usable until the built image is pushed or saved.</param>
    /// <param name="root">The image's manifest or index.</param>
    public static ImageBuilder From(IContentSource source, Descriptor root)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        return new(new ImageDescription(new BaseImage.Stored(source, root)));
    }

    /// <summary>Returns a builder for another platform. A base that is an index is entered there.</summary>
    /// <param name="platform">The platform.</param>
    public ImageBuilder WithPlatform(Platform platform) => new(_description with { Platform = platform ?? throw new ArgumentNullException(nameof(platform)) });

    /// <summary>Returns a builder with a layer on top.</summary>
    /// <param name="layer">The layer.</param>
    public ImageBuilder WithLayer(Layer layer) => new(_description with { Layers = _description.Layers.Add(layer ?? throw new ArgumentNullException(nameof(layer))) });

    /// <summary>Returns a builder that changes the configuration, which starts as the base's.</summary>
    /// <param name="edit">Returns a changed configuration, as <c>config =&gt; config.WithUser("1654")</c>. Runs when the image is built.</param>
    public ImageBuilder WithConfig(Func<ImageConfig, ImageConfig> edit) =>
        new(_description with { Edits = _description.Edits.Add(edit ?? throw new ArgumentNullException(nameof(edit))) });

    /// <summary>Returns a builder with a program to start. The base's arguments, meant for another program, are dropped; those of <see cref="WithCmd"/> stay, whichever is called first.</summary>
    /// <param name="entrypoint">The program and its fixed arguments.</param>
    public ImageBuilder WithEntrypoint(params string[] entrypoint)
    {
        ArgumentNullException.ThrowIfNull(entrypoint);
        return new(_description with { Entrypoint = [.. entrypoint] });
    }

    /// <summary>Returns a builder with arguments that a container's starter may replace.</summary>
    /// <param name="cmd">The arguments.</param>
    public ImageBuilder WithCmd(params string[] cmd)
    {
        ArgumentNullException.ThrowIfNull(cmd);
        return new(_description with { Cmd = [.. cmd] });
    }

    /// <summary>Returns a builder with an environment variable.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public ImageBuilder WithEnv(string name, string value) => WithConfig(config => config.WithEnv(name, value));

    /// <summary>Returns a builder with a label.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public ImageBuilder WithLabel(string name, string value) => WithConfig(config => config.WithLabel(name, value));

    /// <summary>Returns a builder with an annotation on the manifest.</summary>
    /// <param name="name">The name; see <see cref="ImageAnnotations"/>.</param>
    /// <param name="value">The value.</param>
    public ImageBuilder WithAnnotation(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return new(_description with { Annotations = _description.Annotations.SetItem(name, value) });
    }

    /// <summary>Returns a builder with the one time that the configuration and the history state. Files have their own, in their layer's options.</summary>
    /// <param name="created">The time, best that of the commit. The Unix epoch if never set, which tools show as an image of 1970.</param>
    public ImageBuilder WithCreated(DateTimeOffset created) => new(_description with { Created = created });

    /// <summary>Builds every layer and returns the image with all its digests known. The base's layers are not fetched; see <see cref="ImageBuildOptions.BaseLinks"/> for when they are read.</summary>
    /// <param name="repositories">Reaches the base's registry; not needed for a base from a store or for scratch.</param>
    /// <param name="options">How; <see cref="ImageBuildOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="progress">Told of each layer.</param>
    /// <param name="cancellationToken">Stops the building; nothing stays behind.</param>
    /// <returns>The image; dispose it to remove its layers from disk.</returns>
    /// <exception cref="ContentNotFoundException">The base is not there.</exception>
    /// <exception cref="BaseLinkException">A layer would replace a symbolic link of the base.</exception>
    /// <exception cref="DevOpsException">The base has no image for the platform, or something cannot be part of a layer.</exception>
    public async Task<BuiltImage> BuildAsync(
        IRepositoryProvider? repositories = null,
        ImageBuildOptions? options = null,
        IProgress<LayerProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        return await BuildIntoAsync(null, repositories, options ?? ImageBuildOptions.Default, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Builds the image and pushes it in one step: a layer goes to the repository while it is made, and not to disk first.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tag">A tag for the image, or <see langword="null"/> for none.</param>
    /// <param name="repositories">Reaches the base's registry; not needed for a base from a store or for scratch.</param>
    /// <param name="options">How; <see cref="ImageBuildOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="layers">Told of each layer while it is made.</param>
    /// <param name="progress">Told of every piece of content that arrived or was there.</param>
    /// <param name="cancellationToken">Stops the building and the push. Layers that arrived stay in the repository, without an image.</param>
    /// <returns>The image, and what was sent. Its digests are those that <see cref="BuildAsync"/> gives.</returns>
    /// <exception cref="ContentNotFoundException">The base is not there.</exception>
    /// <exception cref="BaseLinkException">A layer would replace a symbolic link of the base.</exception>
    /// <exception cref="ContentCopyException">The push failed; says at which end.</exception>
    /// <exception cref="DevOpsException">The base has no image for the platform, something cannot be part of a layer, or the repository refused a layer.</exception>
    /// <remarks>
    /// A layer that a cache (<see cref="LayerOptions.Cache"/>) knows is sent only if the repository does not hold it; without a cache nothing is known of a layer before it was sent. Of a layer of entries that come one by one, and where the repository
    /// takes only what has a digest, the layer is a file first.
    /// </remarks>
    public async Task<StoredImage> PushAsync(
        IRepository repository,
        string? tag = null,
        IRepositoryProvider? repositories = null,
        ImageBuildOptions? options = null,
        IProgress<LayerProgress>? layers = null,
        IProgress<ContentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        StoredImage stored = await SaveAsync(repository, tag, repositories, options, layers, progress, cancellationToken).ConfigureAwait(false);
        return stored with { Reference = new(repository.Registry, repository.Name, tag, stored.Digest) };
    }

    /// <summary>Builds the image and saves it with all its layers into a store in one step, as <see cref="PushAsync"/> does into a repository.</summary>
    /// <param name="store">The store: an OCI layout, an archive, memory.</param>
    /// <param name="tag">A tag for the image, or <see langword="null"/> for none.</param>
    /// <param name="repositories">Reaches the base's registry; not needed for a base from a store or for scratch.</param>
    /// <param name="options">How; <see cref="ImageBuildOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="layers">Told of each layer while it is made.</param>
    /// <param name="progress">Told of every piece of content that arrived or was there.</param>
    /// <param name="cancellationToken">Stops the building and the saving.</param>
    /// <returns>The image, and what was stored. Its digests are those that <see cref="BuildAsync"/> gives.</returns>
    /// <exception cref="ArgumentException">The tag is malformed, or the store has no tags.</exception>
    /// <exception cref="ContentNotFoundException">The base is not there.</exception>
    /// <exception cref="BaseLinkException">A layer would replace a symbolic link of the base.</exception>
    /// <exception cref="ContentCopyException">The saving failed; says at which end.</exception>
    /// <exception cref="DevOpsException">The base has no image for the platform, something cannot be part of a layer, or the store refused a layer.</exception>
    public async Task<StoredImage> SaveAsync(
        IContentStore store,
        string? tag = null,
        IRepositoryProvider? repositories = null,
        ImageBuildOptions? options = null,
        IProgress<LayerProgress>? layers = null,
        IProgress<ContentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        LayerReceiver? receiver = LayerReceiver.For(store, tag, progress);
        BuiltImage image = await BuildIntoAsync(receiver, repositories, options ?? ImageBuildOptions.Default, layers, cancellationToken).ConfigureAwait(false);
        await using (image.ConfigureAwait(false))
        {
            CopyResult copy = await image.SaveAsync(store, tag, receiver ?? progress, cancellationToken).ConfigureAwait(false);
            return new() { Manifest = image.Manifest, Config = image.Config, Layers = image.Layers, Copy = receiver?.Correct(copy) ?? copy };
        }
    }

    private async Task<BuiltImage> BuildIntoAsync(
        IContentReceiver? receiver, IRepositoryProvider? repositories, ImageBuildOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        ResolvedBase found = await _description.Base.ResolveAsync(repositories, _description.Platform, cancellationToken).ConfigureAwait(false);
        LayerFolder folder = LayerFolder.Create(options.WorkDirectory);
        try
        {
            BaseLinkView? links = options.BaseLinks == BaseLinks.Refuse && found.Source is { } source ? new(source, found.Layers) : null;
            ImmutableArray<Layer> described = links is null ? _description.Layers : [.. _description.Layers.Select(layer => layer.On(links))];
            ImmutableArray<BuiltLayer> layers = await folder.BuildAsync(described, found.IsDocker, receiver, options, progress, cancellationToken).ConfigureAwait(false);
            return ImageAssembly.Assemble(_description, found, layers, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}

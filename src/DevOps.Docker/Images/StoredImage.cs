using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>What is known of an image that was built into a repository or another store.</summary>
public sealed record StoredImage
{
    /// <summary>Gets the manifest.</summary>
    public required ImageManifest Manifest { get; init; }

    /// <summary>Gets the configuration.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>Gets the new layers, in order; the base's are below them in <see cref="Manifest"/>.</summary>
    public required ImmutableArray<BuiltLayer> Layers { get; init; }

    /// <summary>Gets what was sent, taken over and left. Layers that went to the store while they were made are among what was sent.</summary>
    public required CopyResult Copy { get; init; }

    /// <summary>Gets the image in the registry, with its tag if one was given, and pinned by its digest; <see langword="null"/> in a store that is no repository.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>Gets the digest of the manifest, which names the image in a registry.</summary>
    public Digest Digest => Manifest.Digest;

    /// <summary>Gets the digest of the configuration, which Docker calls the image ID.</summary>
    public Digest ImageId => Config.Digest;

    /// <summary>Gets the descriptor of the manifest.</summary>
    public Descriptor Descriptor => Manifest.Descriptor;
}

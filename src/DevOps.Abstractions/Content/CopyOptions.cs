using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Controls how content is copied between stores.</summary>
public sealed record CopyOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static CopyOptions Default { get; } = new();

    /// <summary>Gets how many pieces of content move at once.</summary>
    /// <value>4 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 4;

    /// <summary>Gets what is made of manifests that the target holds already.</summary>
    /// <value><see cref="Content.HeldManifests.Check"/> by default.</value>
    public HeldManifests HeldManifests { get; init; }

    /// <summary>Gets what is known of the target beforehand, as by a plan: <see langword="true"/> of content that it holds, <see langword="false"/> of content that it lacks, <see langword="null"/> to ask it. Content that is sent though it came in between does no harm.</summary>
    /// <value>Asks for everything by default.</value>
    public Func<Descriptor, bool?>? KnownContent { get; init; }

    /// <summary>Gets how many different pieces of content one copy may touch, against documents made to exhaust a reader.</summary>
    /// <value>100,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxContents { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 100_000;

    /// <summary>Gets whether content that is embedded in a descriptor is taken from there. A verification reads what is stored.</summary>
    internal bool TrustsEmbeddedData { get; init; } = true;

    /// <summary>Gets how deep indexes may nest, against documents made to exhaust a reader.</summary>
    /// <value>8 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDepth { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 8;
}

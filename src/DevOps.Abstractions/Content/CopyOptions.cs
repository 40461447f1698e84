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

    /// <summary>Gets whether content that is embedded in a descriptor is taken from there. A verification reads what is stored.</summary>
    internal bool TrustsEmbeddedData { get; init; } = true;

    /// <summary>Gets how deep indexes may nest, against documents made to exhaust a reader.</summary>
    /// <value>8 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDepth { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 8;

    /// <summary>Gets how many pieces of content one copy may have, against documents made to exhaust a reader.</summary>
    /// <value>100,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDescriptors { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 100_000;
}

namespace DevOps.Registry.Server;

/// <summary>Controls how a registry keeps its content.</summary>
public sealed record RegistryStorageOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryStorageOptions Default { get; } = new();

    /// <summary>Gets what acknowledged content survives.</summary>
    /// <value><see cref="RegistryDurability.ProcessLoss"/> by default.</value>
    public RegistryDurability Durability { get; init; }

    /// <summary>Gets how many bytes of manifests are kept in memory; manifests are named by their content, so what is kept is never out of date.</summary>
    /// <value>32 MiB by default; zero keeps none.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long ManifestCacheBytes { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 32 << 20;

    /// <summary>Gets the clock by which content and uploads age. Processes that share a directory need clocks that agree to about a minute.</summary>
    /// <value>The system's clock by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

namespace DevOps.Registry.Server;

/// <summary>Controls garbage collection.</summary>
public sealed record RegistryGarbageOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryGarbageOptions Default { get; } = new();

    /// <summary>Gets how long content stays that no manifest reaches, since a client last pushed it, mounted it, asked whether it is there, or named it in a manifest. It must be longer than any push takes from its first blob to its manifest.</summary>
    /// <value>One hour by default. Zero is for a registry that nobody pushes to meanwhile; a minute is added always.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan GraceAge { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromHours(1);

    /// <summary>Gets how long an upload stays open after its last byte.</summary>
    /// <value>One day by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan UploadAge { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromDays(1);

    /// <summary>Gets what is done with what is found.</summary>
    /// <value><see cref="RegistryGarbageMode.Remove"/> by default.</value>
    public RegistryGarbageMode Mode { get; init; }
}

namespace DevOps.Registry;

/// <summary>Controls garbage collection in an OCI layout.</summary>
public sealed record LayoutGarbageOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static LayoutGarbageOptions Default { get; } = new();

    /// <summary>Gets how long content stays that nothing listed reaches, since it was last written or asked for. It must be longer than any copy into the layout takes.</summary>
    /// <value>One hour by default. Zero is for a layout that nobody writes to meanwhile; a minute is added always.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan GraceAge { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromHours(1);

    /// <summary>Gets what is done with what is found.</summary>
    /// <value><see cref="LayoutGarbageMode.Remove"/> by default.</value>
    public LayoutGarbageMode Mode { get; init; }
}

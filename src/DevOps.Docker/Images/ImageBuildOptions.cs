namespace DevOps.Docker;

/// <summary>Controls how an image is built.</summary>
public sealed record ImageBuildOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ImageBuildOptions Default { get; } = new();

    /// <summary>Gets how new layers are stored.</summary>
    /// <value><see cref="LayerOptions.Default"/> by default.</value>
    public LayerOptions Layers { get; init; } = LayerOptions.Default;

    /// <summary>Gets what to do when a layer would replace a symbolic link of the base by a directory, as <c>/lib</c> of most distributions.</summary>
    /// <value><see cref="Docker.BaseLinks.Refuse"/> by default: then the layers of a base that is in a store on this machine are read once.</value>
    public BaseLinks BaseLinks { get; init; }

    /// <summary>Gets the directory in which a folder for the built layers is made; it needs room for all of them, but for those that are found in a cache on the same volume.</summary>
    /// <value>The directory for temporary files by default.</value>
    public string WorkDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Gets how many layers are built at once.</summary>
    /// <value>2 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 2;
}

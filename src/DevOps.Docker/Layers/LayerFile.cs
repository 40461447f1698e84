namespace DevOps.Docker;

/// <summary>A file that goes into a layer.</summary>
/// <param name="SourcePath">The file on disk.</param>
/// <param name="Path">Where it goes in the image, as an absolute path with <c>/</c>.</param>
public sealed record LayerFile(string SourcePath, string Path)
{
    /// <summary>Gets the permission bits of the file in the image; <see langword="null"/> to take them from the file on disk by the layer's rule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above octal 7777.</exception>
    public int? Mode
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(value));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? 0, 0xFFF, nameof(value));
            field = value;
        }
    }
}

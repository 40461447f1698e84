using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Describes a filesystem change that becomes a layer. Immutable; nothing is read until it is built, and it can be built any number of times.</summary>
public sealed class Layer
{
    private Layer(string description, Func<IEnumerable<TarItem>> members) => (Description, Members) = (description, members);

    /// <summary>Gets what the layer holds, in a few words; written to the image's history.</summary>
    public string Description { get; }

    internal Func<IEnumerable<TarItem>> Members { get; }

    /// <summary>Describes a layer of all that a directory holds.</summary>
    /// <param name="directory">The directory; its content goes to <see cref="DirectoryOptions.Root"/>.</param>
    /// <param name="options">How; <see cref="DirectoryOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="description">What the layer holds; its root by default, never a path of this machine.</param>
    public static Layer FromDirectory(string directory, DirectoryOptions? options = null, string? description = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= DirectoryOptions.Default;
        return new(description ?? $"directory at {options.Root}", () => DirectoryReader.Read(directory, options));
    }

    /// <summary>Describes a layer of single files; directories above them are added.</summary>
    /// <param name="description">What the layer holds.</param>
    /// <param name="files">The files, in any order.</param>
    /// <param name="options">Times, owners and permission bits; the root and the treatment of links have no meaning here.</param>
    /// <exception cref="ArgumentException">Two files have one path.</exception>
    public static Layer FromFiles(string description, IEnumerable<LayerFile> files, DirectoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(description);
        ArgumentNullException.ThrowIfNull(files);
        FileMembers members = new([.. files], options ?? DirectoryOptions.Default);
        return new(description, members.Read);
    }

    /// <summary>Builds the layer: packs, compresses and hashes in one pass.</summary>
    /// <param name="output">Where the blob goes; left open.</param>
    /// <param name="compression">How the blob is stored.</param>
    /// <param name="progress">Told of the bytes done, about once for each MiB.</param>
    /// <param name="cancellationToken">Stops the building; what was written is then unusable.</param>
    /// <exception cref="DirectoryEntryException">Something cannot be part of a layer.</exception>
    /// <exception cref="IOException">A file could not be read, or the output not written.</exception>
    public Task<BuiltLayer> BuildAsync(
        Stream output, LayerCompression compression = LayerCompression.Gzip, IProgress<LayerProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return LayerWriter.WriteAsync(this, output, compression, progress, cancellationToken);
    }
}

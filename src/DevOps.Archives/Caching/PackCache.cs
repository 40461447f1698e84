namespace DevOps.Archives.Caching;

/// <summary>A folder that remembers what was packed, so that nothing is compressed twice: whole archives, and the segments that archives are compressed in.</summary>
/// <remarks>
/// <para>
/// An archive has the same bytes with a cache and without, whatever is in its folder: what is damaged, cut off or gone counts as not there. A folder that cannot be read or written is no error either,
/// but a warning in the result (<see cref="CacheUse.Warning"/>).
/// </para>
/// <para>
/// Any number of threads and processes may use one folder at once. There are no locks: files appear whole, under the name of their content's hash. A killed process leaves at most a half-written file, which a
/// later pack removes. The folder can be removed at any time. It is made for its owner alone: who may write to it decides what is packed.
/// </para>
/// </remarks>
public sealed class PackCache
{
    private PackCache(CacheFolder folder, PackCacheOptions options) => (Folder, Options) = (folder, options);

    /// <summary>Gets the folder.</summary>
    public string Directory => Folder.Path;

    internal CacheFolder Folder { get; }

    internal PackCacheOptions Options { get; }

    /// <summary>Opens a cache. Nothing is read or made before something is packed.</summary>
    /// <param name="directory">The folder; made when something is stored. Other files in it are left alone.</param>
    /// <param name="options">How; <see cref="PackCacheOptions.Default"/> if <see langword="null"/>.</param>
    public static PackCache Open(string directory, PackCacheOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= PackCacheOptions.Default;
        return new(new(Path.GetFullPath(directory), options.TimeProvider), options);
    }

    internal CacheSession Begin() => new(this);
}

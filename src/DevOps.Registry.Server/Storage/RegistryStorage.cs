using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Keeps a registry's content in a directory. Every file in it is whole or not there, so a killed process leaves nothing half-written in sight.</summary>
/// <remarks>
/// Content is kept once, whatever repositories hold it; a repository holds content by a small file of its own. Repository names cannot contain <c>_</c> at the start of a part,
/// so they never meet the names used here. Safe for use by several threads, and by several processes on one machine that share the directory.
/// </remarks>
public sealed class RegistryStorage
{
    private const long MaxListedNamesBytes = 32 << 20;

    /// <summary>Creates the storage. The directory is made when it does not exist.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="options">How content is kept; <see cref="RegistryStorageOptions.Default"/> if <see langword="null"/>.</param>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public RegistryStorage(string directory, RegistryStorageOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Options = options ?? RegistryStorageOptions.Default;
        Directory = Path.GetFullPath(directory);
        if (File.Exists(Directory))
        {
            throw new IOException($"'{Directory}' is a file. Name a directory for the registry's data.");
        }

        System.IO.Directory.CreateDirectory(Directory);
        Disk = new(Options.Durability);
        Blobs = new(Path.Combine(Directory, "blobs"), Options.TimeProvider, Disk);
        Uploads = new(Path.Combine(Directory, "uploads"), Options.TimeProvider);
        Names = new(Path.Combine(Directory, "locks"), Disk);
        Manifests = new(Options.ManifestCacheBytes);
        ListedNames = new(MaxListedNamesBytes, TimeProvider.System);
    }

    /// <summary>Gets the directory.</summary>
    public string Directory { get; }

    internal RegistryStorageOptions Options { get; }

    internal DiskWriter Disk { get; }

    internal BlobFolder Blobs { get; }

    internal UploadFolder Uploads { get; }

    internal NameLocks Names { get; }

    internal ManifestCache Manifests { get; }

    /// <summary>Gets the names of tags and repositories that were listed last.</summary>
    internal FolderNames ListedNames { get; }

    internal string RepositoriesPath => Path.Combine(Directory, "repositories");

    /// <summary>Removes content that no manifest of any repository reaches, and uploads that nobody goes on with. Pushes, pulls and other processes may go on meanwhile.</summary>
    /// <param name="options">How old a thing must be, and whether to remove it; <see cref="RegistryGarbageOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the collection; what was removed by then stays removed.</param>
    /// <returns>What was removed, or would be.</returns>
    /// <exception cref="IOException">A file could not be read or removed.</exception>
    /// <exception cref="InvalidContentException">A manifest is damaged, so what it reaches is not known: nothing was removed.</exception>
    /// <remarks>Reads each manifest once and keeps the digests of all content that manifests reach in memory, about 250 bytes each.</remarks>
    public Task<RegistryGarbageResult> CollectGarbageAsync(RegistryGarbageOptions? options = null, CancellationToken cancellationToken = default) =>
        new GarbageCollector(this, options ?? RegistryGarbageOptions.Default).RunAsync(cancellationToken);

    internal RepositoryFolder GetRepository(RepositoryName name) => new(this, name);

    internal string RepositoryPath(RepositoryName name) => Path.Combine(RepositoriesPath, name.Value.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Lists the repositories whose names come after one, in order, one after the other.</summary>
    internal IEnumerable<string> ListRepositories(string? last) => new RepositoryTree(RepositoriesPath, ListedNames).After(last);

    /// <summary>Looks for repositories that have a mark for a blob, one after the other.</summary>
    internal IEnumerable<string> FindHolders(Digest digest) => FindFolders(RepositoryFolder.BlobsName)
        .Where(path => File.Exists(Path.Combine(path, digest.AlgorithmName, digest.Hex)))
        .Select(NameOf);

    /// <summary>Finds the folders of a kind in all repositories, as those of marks.</summary>
    internal IEnumerable<string> FindFolders(string name) => System.IO.Directory.Exists(RepositoriesPath)
        ? System.IO.Directory.EnumerateDirectories(RepositoriesPath, name, SearchOption.AllDirectories)
        : [];

    private string NameOf(string folder) => Path.GetRelativePath(RepositoriesPath, Path.GetDirectoryName(folder)!).Replace(Path.DirectorySeparatorChar, '/');
}

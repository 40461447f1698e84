using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Keeps a registry's content in a directory. Every file in it is whole or not there, so a killed process leaves nothing half-written in sight.</summary>
/// <remarks>
/// Content is kept once, whatever repositories hold it; a repository holds content by a small file of its own. Repository names cannot contain <c>_</c> at the start of a part,
/// so they never meet the names used here. Safe for use by several threads.
/// </remarks>
public sealed class RegistryStorage
{
    /// <summary>Creates the storage. The directory is made when it does not exist.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public RegistryStorage(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory = Path.GetFullPath(directory);
        if (File.Exists(Directory))
        {
            throw new IOException($"'{Directory}' is a file. Name a directory for the registry's data.");
        }

        System.IO.Directory.CreateDirectory(Directory);
        Uploads = new(Path.Combine(Directory, "uploads"));
    }

    /// <summary>Gets the directory.</summary>
    public string Directory { get; }

    internal UploadFolder Uploads { get; }

    internal RepositoryFolder GetRepository(RepositoryName name) => new(this, name);

    internal string BlobPath(Digest digest) => Path.Combine(Directory, "blobs", digest.AlgorithmName, digest.Hex[..2], digest.Hex);

    internal string RepositoryPath(RepositoryName name) => Path.Combine(RepositoriesPath, name.Value.Replace('/', Path.DirectorySeparatorChar));

    internal IEnumerable<string> ListRepositories()
    {
        if (!System.IO.Directory.Exists(RepositoriesPath))
        {
            return [];
        }

        return System.IO.Directory.EnumerateDirectories(RepositoriesPath, RepositoryFolder.ManifestsName, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoriesPath, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal);
    }

    private string RepositoriesPath => Path.Combine(Directory, "repositories");
}

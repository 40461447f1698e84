using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>The content of all repositories, each blob a file named by its digest.</summary>
/// <remarks>
/// A file's last write time is when its content was wanted last. Who is told that content is there may rely on it for the grace age of garbage collection, so telling renews the time.
/// Renewing, publishing and removing exclude each other, in all processes, by a lock on the folder that the blob is in.
/// </remarks>
internal sealed class BlobFolder(string path, TimeProvider time, DiskWriter disk)
{
    /// <summary>How old a time may be before it is renewed: most requests then need no lock and write nothing.</summary>
    internal static readonly TimeSpan RenewalAge = TimeSpan.FromMinutes(1);

    private const string LockName = ".lock";

    internal string PathOf(Digest digest) => Path.Combine(path, digest.AlgorithmName, digest.Hex[..2], digest.Hex);

    internal bool Holds(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Says whether content is there, and keeps it there for the grace age.</summary>
    internal bool Want(Digest digest)
    {
        FileInfo file = new(PathOf(digest));
        if (!file.Exists || file.LastWriteTimeUtc > Now - RenewalAge)
        {
            return file.Exists;
        }

        using FolderLock gate = FolderLock.Enter(Path.Combine(file.DirectoryName!, LockName));
        file.Refresh();
        if (file.Exists)
        {
            file.LastWriteTimeUtc = Now;
        }

        return file.Exists;
    }

    /// <summary>Makes a verified file a blob. It takes the place of one that is there, which a loss of power may have damaged; whoever reads that one reads on in it.</summary>
    internal void Publish(string source, Digest digest)
    {
        string target = PathOf(digest);
        disk.CreateFolder(Path.GetDirectoryName(target)!);
        File.SetLastWriteTimeUtc(source, Now);
        using (FolderLock.Enter(Path.Combine(Path.GetDirectoryName(target)!, LockName)))
        {
            try
            {
                File.Move(source, target, overwrite: true);
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && File.Exists(target) && e is IOException or UnauthorizedAccessException)
            {
                // There a file that is being read keeps its name.
                File.SetLastWriteTimeUtc(target, Now);
            }
        }

        disk.FlushName(target);
    }

    /// <summary>Writes verified bytes as a blob.</summary>
    internal async Task WriteAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Want(digest) && await IsWholeAsync(digest, bytes, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        string source = Path.Combine(path, $".{Path.GetRandomFileName()}.partial");
        await disk.WriteAsync(source, bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            Publish(source, digest);
        }
        finally
        {
            File.Delete(source);
        }
    }

    /// <summary>Lists all blobs.</summary>
    internal IEnumerable<(Digest Digest, FileInfo File)> List()
    {
        IEnumerable<string> folders = Directory.Exists(path) ? Directory.EnumerateDirectories(path) : [];
        foreach (string file in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
        {
            string algorithm = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(file)!)!);
            if (Digest.TryParse($"{algorithm}:{Path.GetFileName(file)}", out Digest? digest))
            {
                yield return (digest, new(file));
            }
        }
    }

    /// <summary>Removes a blob, unless somebody wanted it after a time.</summary>
    internal bool RemoveIfUnwantedSince(Digest digest, DateTimeOffset cutoff)
    {
        FileInfo file = new(PathOf(digest));
        using FolderLock gate = FolderLock.Enter(Path.Combine(file.DirectoryName!, LockName));
        file.Refresh();
        if (!file.Exists || file.LastWriteTimeUtc >= cutoff.UtcDateTime)
        {
            return false;
        }

        file.Delete();
        return true;
    }

    /// <summary>Removes a repository's mark if the blob that it is for is gone.</summary>
    internal bool RemoveMarkIfGone(Digest digest, string mark)
    {
        string blob = PathOf(digest);
        disk.CreateFolder(Path.GetDirectoryName(blob)!);
        using FolderLock gate = FolderLock.Enter(Path.Combine(Path.GetDirectoryName(blob)!, LockName));
        if (File.Exists(blob))
        {
            return false;
        }

        File.Delete(mark);
        return true;
    }

    private async Task<bool> IsWholeAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(digest));
        if (!file.Exists || file.Length != bytes.Length)
        {
            return false;
        }

        byte[] held = await File.ReadAllBytesAsync(file.FullName, cancellationToken).ConfigureAwait(false);
        return bytes.Span.SequenceEqual(held);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}

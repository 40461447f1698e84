using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The blobs of a layout, each a file named by its digest.</summary>
/// <remarks>
/// A file's last write time is when its content was wanted last. Who is told that content is there may rely on it for the grace age of garbage collection, so telling renews the time.
/// Renewing, publishing and removing exclude each other by the layout's gate.
/// </remarks>
internal sealed class LayoutBlobs(string layout, LayoutGate gate, TimeProvider time)
{
    /// <summary>How old a time may be before it is renewed: most questions then need no lock and write nothing.</summary>
    internal static readonly TimeSpan RenewalAge = TimeSpan.FromMinutes(1);

    private const int ReadOnlyFileSystem = 30;

    private string Folder => Path.Combine(layout, "blobs");

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Finds the file of content, or returns <see langword="null"/> if there is none.</summary>
    internal FileInfo? Find(Digest digest)
    {
        LayoutPath.CheckNoLink(new DirectoryInfo(Folder));
        LayoutPath.CheckNoLink(new DirectoryInfo(FolderOf(digest)));
        return LayoutPath.Find(PathOf(digest));
    }

    /// <summary>Opens content at an offset, or returns <see langword="null"/> if there is none.</summary>
    internal Stream? Open(Digest digest, long offset)
    {
        FileInfo? file = Find(digest);

        // Of no length are pipes and devices too, and to open one could take for ever.
        if (file is null || file.Length == 0)
        {
            return file is null ? null : Stream.Null;
        }

        try
        {
            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan) { Position = offset };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Says whether content of that size is there, and keeps it there for the grace age.</summary>
    internal async ValueTask<bool> WantAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        FileInfo? file = Find(descriptor.Digest);
        if (file is null || file.Length != descriptor.SizeBytes)
        {
            return false;
        }

        if (file.LastWriteTimeUtc > Now - RenewalAge)
        {
            return true;
        }

        try
        {
            using IDisposable turn = await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
            file.Refresh();
            if (file.Exists)
            {
                file.LastWriteTimeUtc = Now;
            }

            return file.Exists;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
        {
            // Who may only read a layout asks too, and adds nothing that would need the content later.
            return true;
        }
    }

    /// <summary>Writes content beside the blobs, and makes it a blob when it is whole and verified.</summary>
    internal async Task WriteAsync(Digest digest, Stream verifying, CancellationToken cancellationToken)
    {
        _ = Find(digest);
        await PublishAsync(
            async file =>
            {
                await verifying.CopyToAsync(file, 1 << 17, cancellationToken).ConfigureAwait(false);
                return digest;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes content that is made meanwhile, and makes it a blob when it is whole.</summary>
    internal async Task<Descriptor> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Descriptor? descriptor = null;
        await PublishAsync(
            async file =>
            {
                descriptor = await ReceivedContent.ToStreamAsync(mediaType, write, file, cancellationToken).ConfigureAwait(false);
                _ = Find(descriptor.Digest);
                return descriptor.Digest;
            },
            cancellationToken).ConfigureAwait(false);
        return descriptor!;
    }

    /// <summary>Removes content.</summary>
    internal async Task RemoveAsync(FileInfo file, CancellationToken cancellationToken)
    {
        using IDisposable turn = await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        file.Delete();
    }

    /// <summary>Lists all blobs. Files of other names, and links, are not among them.</summary>
    internal IEnumerable<(Digest Digest, FileInfo File)> List()
    {
        DirectoryInfo all = new(Folder);
        LayoutPath.CheckNoLink(all);
        foreach (DirectoryInfo folder in all.Exists ? all.EnumerateDirectories() : [])
        {
            LayoutPath.CheckNoLink(folder);
            foreach (FileInfo file in folder.EnumerateFiles())
            {
                if (file.LinkTarget is null && file.Exists && Digest.TryParse($"{folder.Name}:{file.Name}", out Digest? digest))
                {
                    yield return (digest, file);
                }
            }
        }
    }

    /// <summary>Lists what writers are writing, or left over when they were killed.</summary>
    internal IEnumerable<FileInfo> ListPartials()
    {
        DirectoryInfo all = new(Folder);
        DirectoryInfo[] folders = [new(layout), .. all.Exists ? all.EnumerateDirectories() : []];
        return folders.SelectMany(folder => folder.EnumerateFiles(LayoutPath.PartialPattern)).Where(file => file.LinkTarget is null && file.Exists);
    }

    private async Task PublishAsync(Func<Stream, Task<Digest>> write, CancellationToken cancellationToken)
    {
        string partial = Path.Combine(layout, $".{Path.GetRandomFileName()}.partial");
        try
        {
            Digest digest;
            FileStream file = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                digest = await write(file).ConfigureAwait(false);
            }

            File.SetLastWriteTimeUtc(partial, Now);
            Directory.CreateDirectory(FolderOf(digest));
            using (await gate.EnterAsync(cancellationToken).ConfigureAwait(false))
            {
                File.Move(partial, PathOf(digest), overwrite: true);
            }
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private string FolderOf(Digest digest) => Path.Combine(Folder, digest.AlgorithmName);

    private string PathOf(Digest digest) => Path.Combine(FolderOf(digest), digest.Hex);
}

using DevOps.Archives.Directories;
using DevOps.Archives.Extraction;
using DevOps.Oci;

namespace DevOps.Archives.Caching;

/// <summary>The archives that a cache holds, by digest.</summary>
/// <remarks>
/// A blob can be one file with what was given out: it is read-only, and has a time of modification in whole seconds, a little in the past, which survives being archived with the folder. Who writes to it
/// nevertheless changes that time, and the blob is not used again. What is copied is hashed; what only gets another name is not read.
/// </remarks>
internal sealed class BlobStore(CacheSession session)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Puts an archive at a path, as another name of the cache's file if the file system can.</summary>
    /// <returns>Whether it is there; if not, nothing was changed.</returns>
    /// <exception cref="IOException">The path cannot be written.</exception>
    internal async Task<bool> TryGiveAsync(ArchiveRecord record, string path, CancellationToken cancellationToken)
    {
        if (Find(record) is not { } blob)
        {
            return false;
        }

        if (AtomicFile.TryLink(blob, path))
        {
            return true;
        }

        if (Open(blob) is not { } source)
        {
            return false;
        }

        await using (source.ConfigureAwait(false))
        {
            AtomicFile file = AtomicFile.Create(path);
            await using (file.ConfigureAwait(false))
            {
                bool isWhole = await TryCopyAsync(source, record, file.Content, cancellationToken).ConfigureAwait(false);
                if (isWhole)
                {
                    file.Commit();
                }

                return isWhole;
            }
        }
    }

    /// <summary>Copies an archive to a stream, which cannot be taken back: it is read and hashed before.</summary>
    /// <returns>Whether it was there and whole; if not, nothing was written.</returns>
    /// <exception cref="IOException">The output cannot be written, or the archive changed after it was found whole.</exception>
    internal async Task<bool> TryGiveAsync(ArchiveRecord record, Stream output, CancellationToken cancellationToken)
    {
        if (Find(record) is not { } blob || Open(blob) is not { } source)
        {
            return false;
        }

        await using (source.ConfigureAwait(false))
        {
            if (!await TryCopyAsync(source, record, Stream.Null, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            source.Position = 0;
            await source.CopyToAsync(output, BufferBytes, cancellationToken).ConfigureAwait(false);
            if (source.Position != record.Packed.SizeBytes || File.GetLastWriteTimeUtc(source.SafeFileHandle) != TimeOf(record.Stamp))
            {
                throw new IOException($"'{blob}' changed while it was read. Remove it, or the whole cache, and pack again.");
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Stores an archive.</summary>
    /// <param name="file">The whole archive, closed; it may become one file with the cache's.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <returns>The stamp that it got; <see langword="null"/> if it was not stored.</returns>
    internal long? Store(string file, Digest digest, long sizeBytes)
    {
        long stamp = session.Folder.Now.ToUnixTimeSeconds() - 1;
        bool stored = session.Write(sizeBytes, () => session.Folder.Write(session.Folder.PathOf(CacheFolder.Blobs, digest.Hex), partial =>
        {
            if (!HardLinks.TryCreate(file, partial))
            {
                File.Copy(file, partial);
            }

            File.SetLastWriteTimeUtc(partial, TimeOf(stamp));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(partial, File.GetUnixFileMode(partial) & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead));
            }
        }));
        return stored ? stamp : null;
    }

    private string? Find(ArchiveRecord record) => session.Read(() =>
    {
        string blob = session.Folder.PathOf(CacheFolder.Blobs, record.BlobName);
        if (!File.Exists(blob))
        {
            return null;
        }

        session.Folder.Touch(blob);
        FileStatus status = FileStatus.Read(blob, isDirectory: false);
        if (status.Kind == FileStatusKind.File && status.LengthBytes == record.Packed.SizeBytes && status.Modified == new FileTime(record.Stamp, 0))
        {
            return blob;
        }

        session.Damaged(blob);
        return null;
    });

    // What was opened stays readable when another process makes room.
    private FileStream? Open(string blob) =>
        session.Read(() => new FileStream(blob, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan));

    private async Task<bool> TryCopyAsync(FileStream source, ArchiveRecord record, Stream output, CancellationToken cancellationToken)
    {
        using DigestBuilder digest = new();
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0 && digest.LengthBytes < record.Packed.SizeBytes;)
        {
            digest.Append(buffer.AsSpan(0, read));
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }

        if (digest.LengthBytes == record.Packed.SizeBytes && digest.ToDigest() == record.Packed.Digest)
        {
            return true;
        }

        session.Damaged(source.Name);
        return false;
    }

    private static DateTime TimeOf(long stamp) => DateTimeOffset.FromUnixTimeSeconds(stamp).UtcDateTime;
}

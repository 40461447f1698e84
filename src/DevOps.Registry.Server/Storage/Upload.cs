using System.Buffers;
using System.IO.Pipelines;
using DevOps.Oci;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Registry.Server;

/// <summary>One upload, in the hands of one request: see <see cref="UploadFolder.TryEnter"/>. Bytes arrive at its end; when a digest is given and agrees, they become a blob.</summary>
internal sealed class Upload(UploadFolder uploads, string id, string folder)
{
    private const int BufferBytes = 1 << 18;

    internal const string DataName = "data";

    internal string Id => id;

    internal long LengthBytes
    {
        get
        {
            FileInfo data = new(DataPath);
            return data.Exists ? data.Length : throw RegistryError.UploadUnknown;
        }
    }

    private string DataPath => Path.Combine(folder, DataName);

    /// <summary>Adds bytes at the end. What arrived before a connection broke stays, and the client can ask how far it came.</summary>
    internal async Task AppendAsync(PipeReader body, long? lengthBytes, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = Open();
        UploadHash? hash = uploads.TakeHash(id, new FileInfo(DataPath));
        await WriteAsync(file, hash, body, lengthBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds the last bytes and checks the whole. Bytes that came before are read again only if their hash is not at hand, as after a restart, or is of another algorithm.</summary>
    /// <returns>The digest of all bytes; the blob is in place only if it is the expected one. The upload is over in both cases.</returns>
    internal async Task<Digest> CompleteAsync(PipeReader body, long? lengthBytes, Digest expected, RegistryStorage storage, CancellationToken cancellationToken)
    {
        Digest actual;
        using (SafeFileHandle file = Open())
        {
            UploadHash? hash = uploads.TakeHash(id, new FileInfo(DataPath));
            if (hash is null || hash.Digest.Algorithm != expected.Algorithm)
            {
                hash?.Dispose();
                hash = new(expected.Algorithm);
                await ReadAgainAsync(file, hash.Digest, cancellationToken).ConfigureAwait(false);
            }

            await WriteAsync(file, hash, body, lengthBytes, cancellationToken).ConfigureAwait(false);
            actual = hash.Digest.ToDigest();

            // The file takes its name while nobody else can open it, so nobody goes on writing into a blob.
            if (actual == expected)
            {
                cancellationToken.ThrowIfCancellationRequested();
                storage.Disk.Flush(file);
                Publish(storage, expected);
            }
        }

        Cancel();
        return actual;
    }

    internal void Cancel()
    {
        uploads.Forget(id);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It is over already; another process may have ended it.
        }
    }

    private void Publish(RegistryStorage storage, Digest digest)
    {
        try
        {
            storage.Blobs.Publish(DataPath, digest);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !File.Exists(DataPath))
        {
            // Another process ended the upload meanwhile.
            throw RegistryError.UploadUnknown;
        }
    }

    // Only one may have the file open, in all processes. Windows lets a file be renamed only if it was opened so.
    private SafeFileHandle Open()
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(DataPath, FileMode.Open, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw RegistryError.UploadUnknown;
        }
        catch (IOException e) when (DiskError.IsTaken(e))
        {
            throw RegistryError.UploadBusy;
        }

        if (File.Exists(DataPath))
        {
            return file;
        }

        // It was completed between opening and locking: the file is a blob now.
        file.Dispose();
        throw RegistryError.UploadUnknown;
    }

    private async Task WriteAsync(SafeFileHandle file, UploadHash? hash, PipeReader body, long? lengthBytes, CancellationToken cancellationToken)
    {
        long offset = RandomAccess.GetLength(file);
        DiskWriter.Reserve(file, offset, lengthBytes ?? 0);
        try
        {
            ReadResult read;
            do
            {
                read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    List<ReadOnlyMemory<byte>> pieces = [.. Pieces(read.Buffer)];

                    // The kernel copies while this thread hashes.
                    ValueTask write = pieces.Count == 0 ? ValueTask.CompletedTask : RandomAccess.WriteAsync(file, pieces, offset, CancellationToken.None);
                    foreach (ReadOnlyMemory<byte> piece in pieces)
                    {
                        hash?.Digest.Append(piece.Span);
                    }

                    await write.ConfigureAwait(false);
                    offset += read.Buffer.Length;
                }
                finally
                {
                    // The server cannot throw the rest of the body away otherwise: it would cut the connection, and the client never read why.
                    body.AdvanceTo(read.Buffer.End);
                }
            }
            while (!read.IsCompleted);
        }
        finally
        {
            DateTime now = uploads.Now;
            File.SetLastWriteTimeUtc(file, now);
            if (hash is not null)
            {
                // File systems keep times coarser than the clock does.
                hash.Confirm(File.GetLastWriteTimeUtc(file));
                uploads.KeepHash(id, hash);
            }
        }
    }

    private async Task ReadAgainAsync(SafeFileHandle file, DigestBuilder digest, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await RandomAccess.ReadAsync(file, buffer, digest.LengthBytes, cancellationToken).ConfigureAwait(false)) > 0)
            {
                digest.Append(buffer.AsSpan(0, read));
            }

            uploads.CountReadAgain(digest.LengthBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> piece in bytes)
        {
            if (!piece.IsEmpty)
            {
                yield return piece;
            }
        }
    }
}

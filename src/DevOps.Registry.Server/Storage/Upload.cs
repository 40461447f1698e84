using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>One upload, in the hands of one request: see <see cref="UploadFolder.TryEnter"/>. Bytes arrive at its end; when a digest is given and agrees, they become a blob.</summary>
internal sealed class Upload(string id, string folder)
{
    private const int BufferBytes = 1 << 17;

    internal string Id => id;

    internal long LengthBytes => new FileInfo(DataPath).Length;

    private string DataPath => Path.Combine(folder, "data");

    /// <summary>Adds bytes at the end. What arrived before a connection broke stays, and the client can ask how far it came.</summary>
    internal async Task AppendAsync(Stream body, CancellationToken cancellationToken)
    {
        FileStream file = new(DataPath, FileMode.Append, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            await body.CopyToAsync(file, BufferBytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds the last bytes and checks the whole. Bytes that arrived before are read once more, because the digest's algorithm is known only now.</summary>
    /// <returns>The digest of all bytes; the blob is in place only if it is the expected one. The upload is over in both cases.</returns>
    internal async Task<Digest> CompleteAsync(Stream body, Digest expected, string blobPath, CancellationToken cancellationToken)
    {
        Digest actual;
        FileStream file = new(DataPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            using DigestBuilder digest = new(expected.Algorithm);
            byte[] buffer = new byte[BufferBytes];
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                digest.Append(buffer.AsSpan(0, read));
            }

            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                digest.Append(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            actual = digest.ToDigest();
        }

        // A blob that is there is never touched again, so nothing that is being read changes.
        if (actual == expected && !File.Exists(blobPath))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(blobPath)!);
            File.Move(DataPath, blobPath, overwrite: true);
        }

        Cancel();
        return actual;
    }

    internal void Cancel() => Directory.Delete(folder, recursive: true);
}

namespace DevOps.Registry;

/// <summary>Reads files of credentials whole, never more than a limit.</summary>
internal static class CredentialFileText
{
    internal const int MaxLengthBytes = 1 << 20;

    /// <summary>Returns the bytes, or <see langword="null"/> if the file is longer than the limit.</summary>
    internal static async Task<byte[]?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            using MemoryStream bytes = new();
            byte[] buffer = new byte[1 << 14];
            int read;
            while ((read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (bytes.Length + read > MaxLengthBytes)
                {
                    return null;
                }

                bytes.Write(buffer, 0, read);
            }

            return bytes.ToArray();
        }
    }
}

namespace DevOps.Registry;

/// <summary>Reads small answers whole, never more than a limit.</summary>
internal static class BoundedBody
{
    /// <summary>Returns the body, or <see langword="null"/> if it is longer than the limit.</summary>
    internal static async Task<byte[]?> TryReadAsync(HttpContent content, int maxLengthBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxLengthBytes)
        {
            return null;
        }

        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream bytes = new();
            byte[] buffer = new byte[1 << 14];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (bytes.Length + read > maxLengthBytes)
                {
                    return null;
                }

                bytes.Write(buffer, 0, read);
            }

            return bytes.ToArray();
        }
    }
}

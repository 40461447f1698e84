namespace DevOps.Registry;

/// <summary>Reads small answers whole, never more than a limit.</summary>
internal static class BoundedBody
{
    private static readonly HttpRequestOptionsKey<(TimeProvider Time, TimeSpan Longest)> SilenceKey = new("DevOps.Registry.Silence");

    /// <summary>Says how long the answer to a request may stand still in the middle.</summary>
    internal static void LimitSilence(HttpRequestMessage request, TimeProvider time, TimeSpan longest) => request.Options.Set(SilenceKey, (time, longest));

    /// <summary>Returns the body, or <see langword="null"/> if it is longer than the limit.</summary>
    /// <exception cref="IOException">The body broke off, or nothing came for too long.</exception>
    internal static async Task<byte[]?> TryReadAsync(HttpResponseMessage response, int maxLengthBytes, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxLengthBytes)
        {
            return null;
        }

        using SilenceLimit? silence = response.RequestMessage is { } sent && sent.Options.TryGetValue(SilenceKey, out (TimeProvider Time, TimeSpan Longest) limit) ? new(limit.Time, limit.Longest) : null;
        try
        {
            return await TryReadAsync(response.Content, maxLengthBytes, silence, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (silence is not null && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing came from {response.RequestMessage!.RequestUri!.Host} for {silence.Longest.TotalSeconds} seconds. See whether it runs, then try again.", e);
        }
    }

    private static async Task<byte[]?> TryReadAsync(HttpContent content, int maxLengthBytes, SilenceLimit? silence, CancellationToken cancellationToken)
    {
        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream bytes = new();
            byte[] buffer = new byte[1 << 14];
            int read;
            while ((read = await body.ReadAsync(buffer, silence?.Begin(cancellationToken) ?? cancellationToken).ConfigureAwait(false)) > 0)
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

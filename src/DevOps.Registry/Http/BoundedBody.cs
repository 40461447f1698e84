namespace DevOps.Registry;

/// <summary>Reads small answers whole, never more than a limit, and not for ever from one who stopped sending.</summary>
internal static class BoundedBody
{
    private static readonly HttpRequestOptionsKey<(TimeProvider Time, TimeSpan Longest)> SilenceKey = new("DevOps.Registry.Silence");

    /// <summary>Notes at a request how long nothing may come of its answer's body.</summary>
    internal static void Limit(HttpRequestMessage message, TimeProvider time, TimeSpan longest) => message.Options.Set(SilenceKey, (time, longest));

    /// <summary>Returns the body, or <see langword="null"/> if it is longer than the limit.</summary>
    /// <exception cref="RegistryException">The body broke off.</exception>
    internal static async Task<byte[]?> TryReadAsync(RegistryRequest request, HttpResponseMessage response, int maxLengthBytes, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxLengthBytes)
        {
            return null;
        }

        (TimeProvider time, TimeSpan longest) = response.RequestMessage is { } sent && sent.Options.TryGetValue(SilenceKey, out (TimeProvider, TimeSpan) limit) ? limit : (TimeProvider.System, Timeout.InfiniteTimeSpan);
        using SilenceLimit silence = new(time, longest);
        try
        {
            return await ReadAsync(response.Content, maxLengthBytes, silence, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw RegistryErrors.NoAnswer(request, e);
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, int maxLengthBytes, SilenceLimit silence, CancellationToken cancellationToken)
    {
        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream bytes = new();
            byte[] buffer = new byte[1 << 14];
            int read;
            while ((read = await body.ReadAsync(buffer, silence.Begin(cancellationToken)).ConfigureAwait(false)) > 0)
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

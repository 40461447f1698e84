using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What stores have in common that take content while it is made.</summary>
internal static class ReceivedContent
{
    internal static void Check(string mediaType, Func<Stream, CancellationToken, Task> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        ArgumentNullException.ThrowIfNull(write);
        if (!MediaTypes.IsWellFormed(mediaType))
        {
            throw new ArgumentException($"'{mediaType}' is not a media type: expected 'type/subtype' without parameters.", nameof(mediaType));
        }

        if (MediaTypes.IsManifest(mediaType))
        {
            throw new ArgumentException("A manifest is small, and its digest is known before it is written: use WriteAsync.", nameof(mediaType));
        }
    }

    /// <summary>Writes content to a stream.</summary>
    /// <returns>Names what was written.</returns>
    internal static async Task<Descriptor> ToStreamAsync(string mediaType, Func<Stream, CancellationToken, Task> write, Stream target, CancellationToken cancellationToken)
    {
        using DigestingStream digesting = new(target);
        await write(digesting, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return new(mediaType, digesting.ToDigest(), digesting.Length);
    }
}

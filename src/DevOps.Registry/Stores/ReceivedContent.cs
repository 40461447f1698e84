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

    /// <summary>Writes content to a file that gets its name when it is whole.</summary>
    /// <param name="mediaType">The media type of the content.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="directory">Where the file is while it has no name; on the volume where it will be.</param>
    /// <param name="pathOf">Returns the name for a digest.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left of it.</param>
    internal static async Task<Descriptor> ToFileAsync(
        string mediaType, Func<Stream, CancellationToken, Task> write, string directory, Func<Digest, string> pathOf, CancellationToken cancellationToken)
    {
        string partial = Path.Combine(directory, $".{Path.GetRandomFileName()}.partial");
        try
        {
            Descriptor descriptor;
            FileStream file = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                descriptor = await ToStreamAsync(mediaType, write, file, cancellationToken).ConfigureAwait(false);
            }

            File.Move(partial, pathOf(descriptor.Digest), overwrite: true);
            return descriptor;
        }
        finally
        {
            File.Delete(partial);
        }
    }
}

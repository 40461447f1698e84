using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Content that is made while it is sent, once: what a registry has of an earlier try is hashed and not sent again.</summary>
/// <param name="write">Writes the content.</param>
/// <param name="skipBytes">How many bytes the registry has.</param>
internal sealed class StreamedBody(Func<Stream, CancellationToken, Task> write, long skipBytes)
{
    /// <summary>Gets the digest of all bytes; <see langword="null"/> until the last was sent.</summary>
    internal Digest? Digest { get; private set; }

    /// <summary>Gets how many bytes were written, those that were not sent again included.</summary>
    internal long LengthBytes { get; private set; }

    /// <summary>Gets the error that making the content met, which no other try of the registry mends.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Writes the content to where it is sent from.</summary>
    /// <param name="target">The way to the registry; left open.</param>
    /// <param name="silence">Watches that the bytes move; <see langword="null"/> where the target does that itself.</param>
    /// <param name="moved">Counts the bytes; <see langword="null"/> where the target does that itself.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    internal async Task WriteToAsync(Stream target, SilenceLimit? silence, MovedBytes? moved, CancellationToken cancellationToken)
    {
        (Digest, LengthBytes) = (null, 0);
        using DigestBuilder digest = new();
        HashedStream hashed = new(target, digest, skipBytes, silence, moved);
        try
        {
            // How long the source takes is its own affair.
            silence?.End();
            await write(hashed, cancellationToken).ConfigureAwait(false);
            silence?.Restart();
        }
        catch (Exception e) when (!hashed.IsBroken && !cancellationToken.IsCancellationRequested)
        {
            Failure = e;
            throw;
        }
        finally
        {
            LengthBytes = digest.LengthBytes;
        }

        Digest = digest.ToDigest();
    }

    /// <summary>Hashes what is written, and passes on what was not skipped.</summary>
    private sealed class HashedStream(Stream target, DigestBuilder digest, long skipBytes, SilenceLimit? silence, MovedBytes? moved) : Stream
    {
        /// <summary>Gets whether the way to the registry failed.</summary>
        internal bool IsBroken { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => digest.LengthBytes;

        public override long Position { get => digest.LengthBytes; set => throw new NotSupportedException("A digest is computed from start to end."); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int skipped = (int)Math.Clamp(skipBytes - digest.LengthBytes, 0, buffer.Length);
            ValueTask sending = skipped < buffer.Length ? SendAsync(buffer[skipped..], cancellationToken) : ValueTask.CompletedTask;
            digest.Append(buffer.Span);
            await sending.ConfigureAwait(false);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written asynchronously.");

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A digest is computed from start to end.");

        public override void SetLength(long value) => throw new NotSupportedException("A digest is computed from start to end.");

        private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            try
            {
                silence?.Restart();
                await target.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                silence?.End();
                moved?.Add(bytes.Length);
            }
            catch
            {
                IsBroken = true;
                throw;
            }
        }
    }
}

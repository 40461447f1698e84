using DevOps.Oci;

namespace DevOps.Content;

/// <summary>One piece of content that a copy opens as often as its target wants, at any offset. Knows whether reading failed.</summary>
internal sealed class ReopenedContent(IContentSource source, Descriptor descriptor, IProgress<ContentProgress>? progress)
{
    private VerifyingStream? _verifying;
    private Exception? _failure;

    /// <summary>Gets the first error of the source; <see langword="null"/> if it met none.</summary>
    internal Exception? Failure => _failure ?? _verifying?.Failure;

    internal async Task<Stream> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        try
        {
            if (offset > 0 && source is IContentSeeker seeker)
            {
                Stream part = await seeker.OpenReadAtAsync(descriptor, offset, cancellationToken).ConfigureAwait(false);
                return Told(new WatchedStream(part, this), offset);
            }

            Stream content = await source.OpenReadAsync(descriptor, cancellationToken).ConfigureAwait(false);
            _verifying = VerifyingStream.Around(content, descriptor, inner => Told(inner, 0));
            await SkipAsync(_verifying, offset, cancellationToken).ConfigureAwait(false);
            return _verifying;
        }
        catch (Exception e) when (Remember(e, cancellationToken))
        {
            throw;
        }
    }

    private Stream Told(Stream inner, long offset) => progress is null ? inner : new ProgressStream(inner, descriptor, progress, offset);

    // A source without the ability is read again from its start: slower, and verified to its end.
    private static async Task SkipAsync(VerifyingStream content, long count, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[(int)Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            count -= await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
        }
    }

    // A filter that never catches.
    private bool Remember(Exception e, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            _failure ??= e;
        }

        return false;
    }

    /// <summary>A part of content, whose errors are remembered.</summary>
    private sealed class WatchedStream(Stream inner, ReopenedContent owner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (owner.Remember(e, cancellationToken))
            {
                throw;
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

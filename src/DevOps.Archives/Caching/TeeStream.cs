namespace DevOps.Archives.Caching;

/// <summary>Writes to the output, and beside it to a file of the cache as long as that works: a full cache stops no pack.</summary>
internal sealed class TeeStream(Stream output, FileStream copy, CacheSession session) : Stream
{
    private long _copied;

    /// <summary>Gets whether the copy has all that was written.</summary>
    internal bool IsWhole { get; private set; } = true;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("This stream is written.");

    public override long Position { get => throw new NotSupportedException("This stream is written."); set => throw new NotSupportedException("This stream is written."); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        Copy(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        output.Write(buffer);
        if (IsWhole)
        {
            Copy(buffer.ToArray());
        }
    }

    public override void Flush() => output.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream is written.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is written.");

    // What is more than the cache may hold will not be kept: half of it is not worth the room either.
    private void Copy(ReadOnlyMemory<byte> buffer)
    {
        _copied += buffer.Length;
        IsWhole = IsWhole && _copied <= session.Cache.Options.MaxBytes && session.Write(0, () => copy.Write(buffer.Span));
    }
}

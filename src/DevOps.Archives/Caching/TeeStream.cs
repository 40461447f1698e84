namespace DevOps.Archives.Caching;

/// <summary>Writes to the output, and beside it to a file of the cache as long as that works: a full cache stops no pack.</summary>
internal sealed class TeeStream(Stream output, FileStream copy, CacheSession session) : Stream
{
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
        if (IsWhole)
        {
            IsWhole = session.Write(0, () => copy.Write(buffer.Span));
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        output.Write(buffer);
        byte[] bytes = IsWhole ? buffer.ToArray() : [];
        IsWhole = IsWhole && session.Write(0, () => copy.Write(bytes));
    }

    public override void Flush() => output.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream is written.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is written.");
}

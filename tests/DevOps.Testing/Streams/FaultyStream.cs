namespace DevOps.Testing.Streams;

/// <summary>A read-only stream that is difficult in one stated way. It cannot seek.</summary>
public sealed class FaultyStream : Stream
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly Func<int, int> _chunk;
    private readonly Exception? _atEnd;
    private int _position;

    private FaultyStream(ReadOnlyMemory<byte> content, Func<int, int> chunk, Exception? atEnd = null) => (_content, _chunk, _atEnd) = (content, chunk, atEnd);

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Gives everything that is asked for.</summary>
    public static FaultyStream Whole(ReadOnlyMemory<byte> content) => new(content, wanted => wanted);

    public static FaultyStream OneByteAtATime(ReadOnlyMemory<byte> content) => new(content, _ => 1);

    public static FaultyStream RandomChunks(ReadOnlyMemory<byte> content, int seed)
    {
        Random random = new(seed);
        return new(content, wanted => random.Next(1, wanted + 1));
    }

    /// <summary>Throws when the byte at a position is asked for.</summary>
    public static FaultyStream ThrowingAt(ReadOnlyMemory<byte> content, int position, Exception exception) => new(content[..position], wanted => wanted, exception);

    public static FaultyStream EndingEarly(ReadOnlyMemory<byte> content, int missingBytes) => new(content[..^missingBytes], wanted => wanted);

    /// <summary>Gives the content and then more bytes.</summary>
    public static FaultyStream GoingOn(ReadOnlyMemory<byte> content, int extraBytes) => new((byte[])[.. content.Span, .. new byte[extraBytes]], wanted => wanted);

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        int left = _content.Length - _position;
        if (left == 0 && _atEnd is not null)
        {
            throw _atEnd;
        }

        int read = buffer.IsEmpty || left == 0 ? 0 : Math.Min(left, _chunk(buffer.Length));
        _content.Span.Slice(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}

namespace DevOps.Testing.Streams;

/// <summary>Bytes of any length that are made while they are read: the same seed gives the same bytes. It cannot seek.</summary>
public sealed class PatternStream(long lengthBytes, uint seed) : Stream
{
    private long _position;

    /// <summary>Gets or sets what happens before each read, given the position; it may throw, or cancel something.</summary>
    public Action<long> BeforeRead { get; set; } = _ => { };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        BeforeRead(_position);
        int read = (int)Math.Min(buffer.Length, lengthBytes - _position);
        for (int i = 0; i < read; i++)
        {
            buffer[i] = ByteAt(_position + i);
        }

        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = Read(buffer.Span);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private byte ByteAt(long position)
    {
        uint mixed = ((uint)position + seed) * 2654435761u;
        return (byte)(mixed >> 24);
    }
}

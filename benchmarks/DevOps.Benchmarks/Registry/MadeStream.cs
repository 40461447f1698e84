using System.Buffers.Binary;

namespace DevOps.Benchmarks.Registries;

/// <summary>Bytes of any length that are made while they are read, and that nothing compresses: the same seed gives the same bytes. It cannot seek.</summary>
internal sealed class MadeStream(long lengthBytes, int seed) : Stream
{
    private static readonly byte[] Block = Random();

    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int at = (int)(_position % Block.Length);
        int read = (int)Math.Min(Math.Min(buffer.Length, Block.Length - at), lengthBytes - _position);
        Block.AsSpan(at, read).CopyTo(buffer);

        // Each block begins with its seed and number, so no two are the same.
        Span<byte> stamp = stackalloc byte[12];
        if (at < stamp.Length)
        {
            BinaryPrimitives.WriteInt32LittleEndian(stamp, seed);
            BinaryPrimitives.WriteInt64LittleEndian(stamp[4..], _position / Block.Length);
            stamp[at..Math.Min(stamp.Length, at + read)].CopyTo(buffer);
        }

        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] Random()
    {
        byte[] block = new byte[1 << 18];
        new Random(1).NextBytes(block);
        return block;
    }
}

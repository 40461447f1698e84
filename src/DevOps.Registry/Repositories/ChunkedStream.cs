namespace DevOps.Registry;

/// <summary>Collects what is written in one buffer, and sends it each time that the buffer is full.</summary>
/// <param name="chunkBytes">How much is collected, in bytes.</param>
/// <param name="send">Sends a chunk, which is used again when it returns.</param>
internal sealed class ChunkedStream(int chunkBytes, Func<ReadOnlyMemory<byte>, CancellationToken, Task> send) : Stream
{
    private readonly byte[] _chunk = new byte[chunkBytes];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("This stream is written.");

    public override long Position { get => throw new NotSupportedException("This stream is written."); set => throw new NotSupportedException("This stream is written."); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            // A full chunk waits for the byte behind it: the last one may be smaller, and none is empty.
            if (_filled == _chunk.Length)
            {
                await EndAsync(cancellationToken).ConfigureAwait(false);
            }

            int taken = Math.Min(buffer.Length, _chunk.Length - _filled);
            buffer[..taken].CopyTo(_chunk.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written asynchronously.");

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream is written.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is written.");

    /// <summary>Sends what is left.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await send(_chunk.AsMemory(0, _filled), cancellationToken).ConfigureAwait(false);
            _filled = 0;
        }
    }
}

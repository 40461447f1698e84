using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>A request's body whose connection ends after so many bytes.</summary>
internal sealed class BrokenBody(HttpContext context, long afterBytes) : Stream
{
    private readonly Stream _inner = context.Request.Body;
    private long _left = afterBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A byte more tells whether the body goes on; it is not given on.
        using System.Buffers.IMemoryOwner<byte> probe = System.Buffers.MemoryPool<byte>.Shared.Rent(1);
        Memory<byte> target = _left > 0 ? buffer[..(int)Math.Min(buffer.Length, _left)] : probe.Memory[..1];
        int read = await _inner.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        if (_left == 0 && read > 0)
        {
            // The server would tell of it a little later; as it is, the registry sees a client that went away.
            context.Abort();
            context.RequestAborted = new(canceled: true);
            throw new OperationCanceledException("A fault dropped the connection.", context.RequestAborted);
        }

        _left -= read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.Buffers;

namespace DevOps.Archives.Packing;

/// <summary>The output as a stream, for compressors that the host brought. What is written synchronously waits until the output can be written without blocking.</summary>
internal sealed class PackOutputStream(PackOutput output, CancellationToken stopping) : Stream
{
    private readonly ArrayBufferWriter<byte> _waiting = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => output.LengthBytes + _waiting.WrittenCount;

    public override long Position { get => Length; set => throw new NotSupportedException("What is packed is written from start to end."); }

    /// <summary>Writes what waits. When the run has stopped it goes nowhere.</summary>
    internal async Task DrainAsync()
    {
        if (_waiting.WrittenCount > 0 && !stopping.IsCancellationRequested)
        {
            await output.WriteAsync(_waiting.WrittenMemory, 0, stopping).ConfigureAwait(false);
        }

        _waiting.ResetWrittenCount();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        _waiting.Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await DrainAsync().ConfigureAwait(false);
        if (!stopping.IsCancellationRequested)
        {
            await output.WriteAsync(buffer, 0, stopping).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => DrainAsync();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("What is packed is written from start to end.");

    public override void SetLength(long value) => throw new NotSupportedException("What is packed is written from start to end.");
}

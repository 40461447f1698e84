namespace DevOps.Archives.Packing;

/// <summary>The output as a stream, for compressors that the host brought.</summary>
internal sealed class PackOutputStream(PackOutput output) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => output.LengthBytes;

    public override long Position { get => output.LengthBytes; set => throw new NotSupportedException("A layer is written from start to end."); }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        output.Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(output.WriteAsync(buffer, 0, cancellationToken));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return output.WriteAsync(buffer.AsMemory(offset, count), 0, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A layer is written from start to end.");

    public override void SetLength(long value) => throw new NotSupportedException("A layer is written from start to end.");
}

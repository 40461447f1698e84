namespace DevOps.Registry.Server;

/// <summary>Changes what is written on its way to a stream.</summary>
/// <param name="inner">The stream.</param>
/// <param name="change">Gets bytes, what sends bytes on, and a token.</param>
internal sealed class ChangedBody(Stream inner, Func<ReadOnlyMemory<byte>, Func<ReadOnlyMemory<byte>, ValueTask>, CancellationToken, Task> change) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await change(buffer, bytes => inner.WriteAsync(bytes, cancellationToken), cancellationToken).ConfigureAwait(false);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    public override void Flush()
    {
        // What is written goes on by itself.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

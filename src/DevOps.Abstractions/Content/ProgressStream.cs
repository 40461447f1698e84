using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Reads another stream and tells how far it came, at most once for each <see cref="StepBytes"/>.</summary>
internal sealed class ProgressStream(Stream inner, Descriptor descriptor, IProgress<ContentProgress> progress, long offset = 0) : Stream
{
    // Small enough that a slow line shows several steps a second.
    internal const int StepBytes = 1 << 17;

    private long _read = offset;
    private long _told = offset;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => descriptor.SizeBytes;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer) => Tell(inner.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Tell(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Tell(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

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
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Tell(int read)
    {
        _read += read;
        if (_read - _told >= StepBytes)
        {
            _told = _read;
            progress.Report(new(descriptor, ContentPhase.Advanced, _read));
        }

        return read;
    }
}

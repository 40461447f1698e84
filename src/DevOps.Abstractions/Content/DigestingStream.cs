using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Passes bytes on to another stream while it computes their digest and counts them.</summary>
/// <remarks>Flushing passes on; disposing leaves the other stream open.</remarks>
public sealed class DigestingStream : Stream
{
    private readonly Stream _inner;
    private readonly DigestBuilder _digest;

    /// <summary>Creates the stream.</summary>
    /// <param name="inner">Where the bytes go; left open.</param>
    /// <param name="algorithm">The hash function.</param>
    public DigestingStream(Stream inner, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _digest = new(algorithm);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Gets the number of bytes written so far.</summary>
    public override long Length => _digest.LengthBytes;

    /// <summary>Gets the number of bytes written so far. Setting it is not supported.</summary>
    public override long Position { get => _digest.LengthBytes; set => throw new NotSupportedException("A digest is computed from start to end."); }

    /// <summary>Returns the digest of the bytes written so far.</summary>
    public Digest ToDigest() => _digest.ToDigest();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _inner.Write(buffer);
        _digest.Append(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        _digest.Append(buffer.Span);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written to.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A digest is computed from start to end.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A digest is computed from start to end.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }
}

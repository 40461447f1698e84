using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Reads content and fails when it is not what its descriptor names: on the byte too many, on the end too early, and on a wrong digest at the last byte.</summary>
/// <remarks>
/// The last bytes are handed out only after the digest agreed. Bytes before them were not verified yet when they were read: publish nothing that was made of them before the end was reached.
/// The stream holds no buffer. It cannot seek.
/// </remarks>
public sealed class VerifyingStream : Stream
{
    private readonly Stream _inner;
    private readonly DigestBuilder _digest;
    private bool _verified;
    private bool _disposed;

    /// <summary>Wraps a stream of unverified content.</summary>
    /// <param name="inner">The content, from its start; disposed with this stream.</param>
    /// <param name="expected">What the content must be.</param>
    /// <param name="origin">Where the content comes from, for errors.</param>
    public VerifyingStream(Stream inner, Descriptor expected, string origin)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(origin);
        (_inner, Expected, Origin) = (inner, expected, origin);
        _digest = new(expected.Digest.Algorithm);
    }

    /// <summary>Gets what the content must be.</summary>
    public Descriptor Expected { get; }

    /// <summary>Gets where the content comes from.</summary>
    public string Origin { get; }

    /// <summary>Gets the first error that reading met: of the stream inside, or of the verification.</summary>
    internal Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Gets the size that the descriptor states, in bytes.</summary>
    public override long Length => Expected.SizeBytes;

    /// <summary>Gets how many bytes were read. Setting it is not supported.</summary>
    public override long Position { get => _digest.LengthBytes; set => throw new NotSupportedException("Content is verified from start to end; it cannot seek."); }

    /// <summary>Returns a stream that verifies this content, once: a stream that does so already is read as it is.</summary>
    /// <param name="content">The content, from its start; left open when the result is disposed.</param>
    /// <param name="expected">What the content must be.</param>
    /// <param name="origin">Where the content comes from, for errors.</param>
    public static Stream Ensure(Stream content, Descriptor expected, string origin)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(expected);
        return content is VerifyingStream verifying && verifying.IsAtStartOf(expected)
            ? new UnownedStream(verifying)
            : new VerifyingStream(new UnownedStream(content), expected, origin);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            int read = _inner.Read(buffer);
            Check(buffer[..read]);
            return read;
        }
        catch (Exception e) when (Remember(e))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            int read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Check(buffer.Span[..read]);
            return read;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Remember(e))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Content is verified from start to end; it cannot seek.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("Content that is read cannot be changed.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content that is read cannot be changed.");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _inner.Dispose();
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Returns a stream that verifies this content once and passes it through <paramref name="around"/>; a stream that verifies it already is taken apart for that.</summary>
    internal static VerifyingStream Around(Stream content, Descriptor expected, Func<Stream, Stream> around) =>
        content is VerifyingStream verifying && verifying.IsAtStartOf(expected)
            ? new(around(verifying._inner), expected, verifying.Origin)
            : new(around(content), expected, "the source");

    private bool IsAtStartOf(Descriptor expected) => Position == 0 && Expected.Digest == expected.Digest && Expected.SizeBytes == expected.SizeBytes;

    // A filter that never catches: the error goes on its way and is known to whoever asks whose fault it was.
    private bool Remember(Exception e)
    {
        Failure ??= e;
        return false;
    }

    private void Check(ReadOnlySpan<byte> read)
    {
        long left = Expected.SizeBytes - _digest.LengthBytes;
        if (read.Length > left)
        {
            throw new SizeMismatchException(Origin, Expected, Expected.SizeBytes + 1);
        }

        if (read.IsEmpty && left > 0)
        {
            throw new SizeMismatchException(Origin, Expected, _digest.LengthBytes);
        }

        _digest.Append(read);
        if (read.Length == left && !_verified)
        {
            Digest actual = _digest.ToDigest();
            _verified = actual == Expected.Digest ? true : throw new DigestMismatchException(Origin, Expected, actual);
        }
    }
}

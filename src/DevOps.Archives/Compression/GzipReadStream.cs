using System.IO.Compression;

namespace DevOps.Archives.Compression;

/// <summary>Decompresses gzip, all members of it, and fails if it is cut off. The decoder of the base class library takes any end for the end.</summary>
/// <remarks>
/// A member of our own is put behind the input: a decoder that was in the middle of something takes it for more of that, and stumbles; only one that was done gives it back as it is.
/// Memory: the decoder, and a buffer of 64 KiB.
/// </remarks>
internal sealed class GzipReadStream : Stream
{
    private const int BufferBytes = 1 << 16;

    private readonly Stream _input;
    private readonly string _what;
    private readonly byte[] _marker = "end of the input"u8.ToArray();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly GZipStream _decoder;
    private int _start;
    private int _end;
    private bool _done;

    /// <summary>Creates the stream.</summary>
    /// <param name="input">The compressed bytes; disposed with this stream.</param>
    /// <param name="what">What they are, for errors.</param>
    internal GzipReadStream(Stream input, string what)
    {
        (_input, _what) = (input, what);
        using MemoryStream member = new();
        using (GZipStream encoder = new(member, CompressionLevel.NoCompression, leaveOpen: true))
        {
            encoder.Write(_marker);
        }

        _decoder = new(new FollowedStream(input, member.ToArray()), CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_done && _end - _start <= _marker.Length)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        // What could still turn out to be the marker is held back.
        int count = Math.Min(buffer.Length, _end - _start - (_done ? 0 : _marker.Length));
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously: use ReadAsync or CopyToAsync.");

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
            _decoder.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read;
        try
        {
            read = await _decoder.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }

        _end += read;
        if (read > 0)
        {
            return;
        }

        _done = true;
        _end -= _end == _marker.Length && _buffer.AsSpan(0, _end).SequenceEqual(_marker) ? _marker.Length : throw Damaged(null);
    }

    private InvalidContentException Damaged(Exception? cause) =>
        new(_what, "its gzip data is damaged or cut off", cause, "Fetch or make it again.");

    /// <summary>Reads a stream, then some bytes more.</summary>
    private sealed class FollowedStream(Stream first, byte[] then) : Stream
    {
        private int _sent;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = _sent > 0 ? 0 : await first.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                return read;
            }

            read = Math.Min(buffer.Length, then.Length - _sent);
            then.AsSpan(_sent, read).CopyTo(buffer.Span);
            _sent += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

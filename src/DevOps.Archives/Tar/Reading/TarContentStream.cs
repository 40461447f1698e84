namespace DevOps.Archives.Tar;

/// <summary>Reads the content of one entry out of the archive, holes of sparse files as zeros. It ends with its entry: the reader takes it over when it goes on.</summary>
internal sealed class TarContentStream(TarInput input, IReadOnlyList<SparseRegion> regions, long length, string name) : Stream
{
    private int _region;
    private long _position;
    private bool _closed;

    public override bool CanRead => !_closed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException("An archive is read from start to end."); }

    /// <summary>Gets how many stored bytes were not read.</summary>
    internal long StoredLeft { get; private set; } = regions.Sum(region => region.LengthBytes);

    internal void Close(bool isTakenOver) => _closed = isTakenOver;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (buffer.IsEmpty || _position == length)
        {
            return 0;
        }

        while (_region < regions.Count && _position == regions[_region].Offset + regions[_region].LengthBytes)
        {
            _region++;
        }

        long holeEnd = _region < regions.Count ? regions[_region].Offset : length;
        if (_position < holeEnd)
        {
            int zeros = (int)Math.Min(buffer.Length, holeEnd - _position);
            buffer.Span[..zeros].Clear();
            _position += zeros;
            return zeros;
        }

        long left = regions[_region].Offset + regions[_region].LengthBytes - _position;
        int read = await input.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            throw new InvalidContentException("tar archive", $"it ends in the middle of '{name}'");
        }

        _position += read;
        StoredLeft -= read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An archive is read asynchronously: use ReadAsync or CopyToAsync.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An archive is read from start to end.");

    public override void SetLength(long value) => throw new NotSupportedException("Content that is read cannot be changed.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content that is read cannot be changed.");
}

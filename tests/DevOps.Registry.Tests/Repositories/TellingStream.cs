namespace DevOps.Registry.Tests.Repositories;

/// <summary>Tells once of its last byte being read.</summary>
internal sealed class TellingStream(ReadOnlyMemory<byte> content, Action atEnd) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = Math.Min(count, content.Length - _position);
        content.Span.Slice(_position, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        if (read > 0 && _position == content.Length)
        {
            atEnd();
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

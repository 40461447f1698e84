using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DevOps.Archives.Caching;

/// <summary>Hashes values in one form that can mean nothing else: numbers in eight bytes, texts and bytes behind their length.</summary>
internal sealed class KeyWriter : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[4096];
    private int _length;

    internal void Add(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), number);
        _length += sizeof(long);
    }

    /// <summary>Adds a text; none is another value than an empty one.</summary>
    internal void Add(string? text)
    {
        if (text is null)
        {
            Add(-1);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text);
        Add(length);
        Encoding.UTF8.GetBytes(text, Room(length));
        _length += length;
    }

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        Flush();
        _hash.AppendData(bytes);
    }

    /// <summary>Returns the hash of all that was added, in hexadecimal.</summary>
    internal string ToKey()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _length < length)
        {
            Flush();
            _buffer = length > _buffer.Length ? new byte[length] : _buffer;
        }

        return _buffer.AsSpan(_length);
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _length);
        _length = 0;
    }
}

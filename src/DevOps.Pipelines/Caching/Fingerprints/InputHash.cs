using System.Buffers.Binary;
using System.Text;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Hashes a list of values so that no two lists give the same bytes: each has its length in front.</summary>
internal sealed class InputHash : IDisposable
{
    private readonly DigestBuilder _hash = new();

    internal InputHash(string purpose) => Add(purpose);

    internal void Add(byte value) => _hash.Append([value]);

    internal void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        _hash.Append(length);
        _hash.Append(bytes);
    }

    internal Digest ToDigest() => _hash.ToDigest();

    public void Dispose() => _hash.Dispose();
}

using System.Security.Cryptography;

namespace DevOps.Oci;

/// <summary>Computes a digest over bytes that arrive in pieces, and counts them.</summary>
/// <remarks>Not safe for use by several threads at once.</remarks>
public sealed class DigestBuilder : IDisposable
{
    private readonly IncrementalHash _hash;

    /// <summary>Starts a digest.</summary>
    /// <param name="algorithm">The hash function.</param>
    public DigestBuilder(DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        Algorithm = algorithm;
        _hash = IncrementalHash.CreateHash(algorithm switch
        {
            DigestAlgorithm.Sha256 => HashAlgorithmName.SHA256,
            DigestAlgorithm.Sha512 => HashAlgorithmName.SHA512,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "The digest algorithm is not known."),
        });
    }

    /// <summary>Gets the hash function.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>Gets the number of bytes appended so far.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    /// <param name="bytes">The next bytes of the content.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        LengthBytes += bytes.Length;
    }

    /// <summary>Returns the digest of the bytes appended so far; more may follow.</summary>
    public Digest ToDigest()
    {
        Span<byte> hash = stackalloc byte[64];
        int length = _hash.GetCurrentHash(hash);
        return Digest.FromHash(hash[..length], Algorithm);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}

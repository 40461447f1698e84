using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace DevOps.Oci;

/// <summary>The name of some content: a hash algorithm and the hash of the content's bytes, as <c>sha256:6c3c…</c>.</summary>
/// <remarks>
/// A digest is always valid: only registered algorithms, the exact number of digits, lower case. It is therefore safe as a path segment.
/// Content of an algorithm that is not known here could not be verified and is refused when parsed. Source: OCI image-spec 1.1, descriptor.md, "Digests".
/// </remarks>
public sealed class Digest : IEquatable<Digest>, ISpanParsable<Digest>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private Digest(DigestAlgorithm algorithm, string hex) => (Algorithm, Hex) = (algorithm, hex);

    /// <summary>Gets the hash function.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>Gets the hash as lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Gets the algorithm's registered name, <c>sha256</c> or <c>sha512</c>.</summary>
    public string AlgorithmName => NameOf(Algorithm);

    /// <summary>Computes the digest of bytes in memory.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="algorithm">The hash function.</param>
    public static Digest Compute(ReadOnlySpan<byte> content, DigestAlgorithm algorithm = DigestAlgorithm.Sha256) => algorithm switch
    {
        DigestAlgorithm.Sha256 => new(algorithm, Convert.ToHexStringLower(SHA256.HashData(content))),
        DigestAlgorithm.Sha512 => new(algorithm, Convert.ToHexStringLower(SHA512.HashData(content))),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "The digest algorithm is not known."),
    };

    /// <summary>Makes a digest from a hash that was computed elsewhere.</summary>
    /// <param name="hash">The hash: 32 bytes for SHA-256, 64 for SHA-512.</param>
    /// <param name="algorithm">The hash function.</param>
    /// <exception cref="ArgumentException">The hash has another length.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        if (hash.Length * 2 != HexLengthOf(algorithm))
        {
            throw new ArgumentException($"A {NameOf(algorithm)} hash has {HexLengthOf(algorithm) / 2} bytes, not {hash.Length}.", nameof(hash));
        }

        return new(algorithm, Convert.ToHexStringLower(hash));
    }

    /// <summary>Reads a digest from its text.</summary>
    /// <param name="text">The text, as <c>sha256:6c3c…</c>.</param>
    /// <exception cref="FormatException">The text is not a digest; the message says why.</exception>
    public static Digest Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out Digest? digest) is { } reason ? throw new FormatException(reason) : digest!;
    }

    /// <summary>Reads a digest from its text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="digest">The digest, when the text is one.</param>
    /// <returns>Whether the text is a digest.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest) => TryParse(text.AsSpan(), out digest);

    /// <inheritdoc cref="TryParse(string?, out Digest?)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Digest? digest) => Read(text, out digest) is null && digest is not null;

    static Digest IParsable<Digest>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static Digest ISpanParsable<Digest>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    static bool IParsable<Digest>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Digest result) => TryParse(s, out result);

    static bool ISpanParsable<Digest>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Digest result) => TryParse(s, out result);

    /// <summary>Compares two digests by algorithm and hash.</summary>
    /// <param name="other">The other digest.</param>
    public bool Equals(Digest? other) => other is not null && other.Algorithm == Algorithm && other.Hex == Hex;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Digest);

    /// <inheritdoc/>
    public override int GetHashCode() => Hex.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns the digest's text, as <c>sha256:6c3c…</c>.</summary>
    public override string ToString() => $"{AlgorithmName}:{Hex}";

    /// <summary>Compares two digests by algorithm and hash.</summary>
    /// <param name="left">One digest.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Digest? left, Digest? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Compares two digests by algorithm and hash.</summary>
    /// <param name="left">One digest.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Digest? left, Digest? right) => !(left == right);

    private static string? Read(ReadOnlySpan<char> text, out Digest? digest)
    {
        digest = null;
        int colon = text.IndexOf(':');
        if (colon < 0)
        {
            return $"'{Quote(text)}' is not a digest: expected 'algorithm:hex', as in 'sha256:' and 64 hexadecimal digits.";
        }

        DigestAlgorithm algorithm;
        if (text[..colon].SequenceEqual("sha256"))
        {
            algorithm = DigestAlgorithm.Sha256;
        }
        else if (text[..colon].SequenceEqual("sha512"))
        {
            algorithm = DigestAlgorithm.Sha512;
        }
        else
        {
            return $"The digest '{Quote(text)}' uses an algorithm that cannot be verified here: use sha256 or sha512.";
        }

        ReadOnlySpan<char> hex = text[(colon + 1)..];
        if (hex.Length != HexLengthOf(algorithm) || hex.ContainsAnyExcept(HexDigits))
        {
            return $"The digest '{Quote(text)}' is malformed: {NameOf(algorithm)} takes exactly {HexLengthOf(algorithm)} lower-case hexadecimal digits.";
        }

        digest = new Digest(algorithm, hex.ToString());
        return null;
    }

    internal static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);

    private static string NameOf(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha512 ? "sha512" : "sha256";

    private static int HexLengthOf(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha512 ? 128 : 64;

    private static string Quote(ReadOnlySpan<char> text) => text.Length <= 160 ? text.ToString() : string.Concat(text[..160], "…");
}

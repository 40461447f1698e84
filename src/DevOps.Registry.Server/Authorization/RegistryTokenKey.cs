using System.Security.Cryptography;

namespace DevOps.Registry.Server;

/// <summary>Signs a registry's tokens, and knows its own signature again. Safe for use by several threads.</summary>
/// <remarks>Source: RFC 7518, sections 3.2 and 3.4.</remarks>
public sealed class RegistryTokenKey
{
    private const int MinSecretBytes = 32;

    private readonly Func<byte[], byte[]> _sign;
    private readonly Func<byte[], byte[], bool> _verify;

    private RegistryTokenKey(string algorithm, Func<byte[], byte[]> sign, Func<byte[], byte[], bool> verify) => (Algorithm, _sign, _verify) = (algorithm, sign, verify);

    /// <summary>Gets the name of the algorithm, <c>HS256</c> or <c>ES256</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Returns a key that is made at random. Tokens are not valid any more when the program starts again, nor at another of its instances; clients then ask for new ones.</summary>
    public static RegistryTokenKey Generate() => FromSecret(RandomNumberGenerator.GetBytes(MinSecretBytes));

    /// <summary>Returns a key for HMAC with SHA-256.</summary>
    /// <param name="secret">At least 32 random bytes; copied.</param>
    /// <exception cref="ArgumentException">The secret is shorter.</exception>
    public static RegistryTokenKey FromSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < MinSecretBytes)
        {
            throw new ArgumentException($"The secret has {secret.Length} bytes; {MinSecretBytes} random ones are the least that HS256 is safe with.", nameof(secret));
        }

        byte[] copy = secret.ToArray();
        return new("HS256", data => HMACSHA256.HashData(copy, data), (data, signature) => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(copy, data), signature));
    }

    /// <summary>Returns a key for ECDSA on the curve P-256 with SHA-256.</summary>
    /// <param name="key">The private key; it stays the caller's, who disposes it after the last use of this.</param>
    /// <exception cref="ArgumentException">The curve is another.</exception>
    public static RegistryTokenKey FromECDsa(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.KeySize != 256)
        {
            throw new ArgumentException($"ES256 needs a key on the curve P-256; this one has {key.KeySize} bits.", nameof(key));
        }

        Lock gate = new();
        return new(
            "ES256",
            data =>
            {
                lock (gate)
                {
                    return key.SignData(data, HashAlgorithmName.SHA256);
                }
            },
            (data, signature) =>
            {
                lock (gate)
                {
                    return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
                }
            });
    }

    internal byte[] Sign(byte[] data) => _sign(data);

    internal bool Verify(byte[] data, byte[] signature) => _verify(data, signature);
}

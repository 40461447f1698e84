using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DevOps.Registry.Server;

/// <summary>A password's bcrypt hash, as <c>htpasswd -B</c> writes it; only to check passwords.</summary>
/// <remarks>
/// The prefixes 2a, 2b and 2y are taken as one: they tell implementations apart, and differ only in faults that this one has not. Of a password 72 bytes count.
/// Source: N. Provos and D. Mazières, "A Future-Adaptable Password Scheme", 1999.
/// </remarks>
internal sealed class Bcrypt
{
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int TextLength = 60;
    private const int HashLength = 23;
    private const int MaxPasswordBytes = 72;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private Bcrypt(int cost, byte[] salt, byte[] hash) => (Cost, _salt, _hash) = (cost, salt, hash);

    /// <summary>Gets the binary logarithm of the number of rounds.</summary>
    internal int Cost { get; }

    /// <summary>Returns a hash that no password is known for, to take as long over a name that does not exist as over one that does.</summary>
    internal static Bcrypt Unknown(int cost) => new(cost, new byte[16], new byte[HashLength]);

    /// <summary>Reads a hash; <see langword="null"/> if the text is not one.</summary>
    internal static Bcrypt? TryParse(string text)
    {
        if (text.Length != TextLength || !text.StartsWith("$2", StringComparison.Ordinal) || text[2] is not ('a' or 'b' or 'y') || text[3] != '$' || text[6] != '$'
            || !char.IsAsciiDigit(text[4]) || !char.IsAsciiDigit(text[5]))
        {
            return null;
        }

        int cost = ((text[4] - '0') * 10) + (text[5] - '0');
        byte[] salt = new byte[16];
        byte[] hash = new byte[HashLength];
        return cost is >= 4 and <= 31 && TryDecode(text.AsSpan(7, 22), salt) && TryDecode(text.AsSpan(29), hash) ? new(cost, salt, hash) : null;
    }

    internal bool Verify(string password)
    {
        // Implementations in C end a password here, so that a longer one would pass for a shorter.
        if (password.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(password);
        byte[] key = new byte[Math.Min(utf8.Length + 1, MaxPasswordBytes)];
        utf8.AsSpan(0, Math.Min(utf8.Length, MaxPasswordBytes)).CopyTo(key);
        try
        {
            return CryptographicOperations.FixedTimeEquals(Compute(key), _hash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(utf8);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal void AppendTo(IncrementalHash digest)
    {
        digest.AppendData([(byte)Cost]);
        digest.AppendData(_salt);
        digest.AppendData(_hash);
    }

    private byte[] Compute(byte[] key)
    {
        Blowfish cipher = new();
        cipher.Expand(key, _salt);
        for (long round = 1L << Cost; round > 0; round--)
        {
            cipher.Expand(key, []);
            cipher.Expand(_salt, []);
        }

        byte[] text = "OrpheanBeholderScryDoubt"u8.ToArray();
        for (int offset = 0; offset < text.Length; offset += 8)
        {
            uint left = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(offset));
            uint right = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(offset + 4));
            for (int i = 0; i < 64; i++)
            {
                cipher.Encrypt(ref left, ref right);
            }

            BinaryPrimitives.WriteUInt32BigEndian(text.AsSpan(offset), left);
            BinaryPrimitives.WriteUInt32BigEndian(text.AsSpan(offset + 4), right);
        }

        cipher.Clear();
        return text[..HashLength];
    }

    // Not base64 by its alphabet, and without padding. Bits that are left over are ignored, as everyone does.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int bits = 0;
        int held = 0;
        int count = 0;
        foreach (char character in text)
        {
            int value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            (bits, held) = ((bits << 6) | value, held + 6);
            if (held >= 8)
            {
                held -= 8;
                bytes[count++] = (byte)(bits >> held);
                bits &= (1 << held) - 1;
            }
        }

        return count == bytes.Length;
    }
}

using System.Security.Cryptography;
using System.Runtime.InteropServices;

namespace DevOps.Registry.Server;

/// <summary>The block cipher under bcrypt, with bcrypt's way of mixing a key and a salt in. Of no use for secrets of its own: its blocks are too small.</summary>
/// <remarks>Source: see <see cref="BlowfishTables"/> and <see cref="Bcrypt"/>.</remarks>
internal sealed class Blowfish
{
    private readonly uint[] _subkeys = BlowfishTables.Subkeys.ToArray();
    private readonly uint[] _boxes = BlowfishTables.SBoxes.ToArray();

    /// <summary>Mixes a key in, and a salt if it is not empty.</summary>
    internal void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        int at = 0;
        for (int i = 0; i < _subkeys.Length; i++)
        {
            _subkeys[i] ^= NextWord(key, ref at);
        }

        at = 0;
        (uint left, uint right) = (0u, 0u);
        Fill(_subkeys, salt, ref at, ref left, ref right);
        Fill(_boxes, salt, ref at, ref left, ref right);
    }

    internal void Encrypt(ref uint left, ref uint right)
    {
        uint[] boxes = _boxes;
        uint[] subkeys = _subkeys;
        (uint a, uint b) = (left ^ subkeys[0], right);
        for (int round = 1; round <= 16; round += 2)
        {
            b ^= Mix(boxes, a) ^ subkeys[round];
            a ^= Mix(boxes, b) ^ subkeys[round + 1];
        }

        (left, right) = (b ^ subkeys[17], a);
    }

    internal void Clear()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_subkeys.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_boxes.AsSpan()));
    }

    private void Fill(uint[] words, ReadOnlySpan<byte> salt, ref int at, ref uint left, ref uint right)
    {
        for (int i = 0; i < words.Length; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= NextWord(salt, ref at);
                right ^= NextWord(salt, ref at);
            }

            Encrypt(ref left, ref right);
            (words[i], words[i + 1]) = (left, right);
        }
    }

    private static uint Mix(uint[] boxes, uint word) =>
        ((boxes[word >> 24] + boxes[0x100 + ((word >> 16) & 0xFF)]) ^ boxes[0x200 + ((word >> 8) & 0xFF)]) + boxes[0x300 + (word & 0xFF)];

    private static uint NextWord(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint word = 0;
        for (int i = 0; i < 4; i++)
        {
            word = (word << 8) | bytes[at];
            at = at + 1 == bytes.Length ? 0 : at + 1;
        }

        return word;
    }
}

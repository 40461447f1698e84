using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Builds canonical prefix codes of limited length from counts.</summary>
/// <remarks>
/// Lengths are those of Huffman's algorithm, done in place on sorted counts after Moffat and Katajainen; where one is too long, the tree is made shallower from its deepest leaves. A code is always
/// complete: where fewer than two symbols occur, unused ones join. Source: RFC 1951, section 3.2.2.
/// </remarks>
internal static unsafe class PrefixCode
{
    internal const int MaxSymbols = 288;

    /// <summary>Writes the length of each symbol's code in bits, 0 for a symbol that does not occur.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BuildLengths(uint* counts, int symbols, int maxBits, byte* lengths)
    {
        uint* keys = stackalloc uint[MaxSymbols];
        uint* scratch = stackalloc uint[MaxSymbols];
        int used = 0;
        uint largest = 0;
        for (int i = 0; i < symbols; i++)
        {
            uint count = counts[i];
            lengths[i] = 0;
            if (count != 0)
            {
                keys[used++] = (count << 9) | (uint)i;
                largest |= count;
            }
        }

        if (used < 2)
        {
            int only = used == 0 ? 0 : (int)(keys[0] & 511);
            lengths[only] = 1;
            lengths[only == 0 ? 1 : 0] = 1;
            return;
        }

        Sort(ref keys, ref scratch, used, largest);
        uint* weights = scratch;
        for (int i = 0; i < used; i++)
        {
            weights[i] = keys[i] >> 9;
        }

        Depths(weights, used);
        Assign(keys, weights, used, maxBits, lengths);
    }

    /// <summary>Writes the code of each symbol with its first bit lowest, as the format packs them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BuildCodes(byte* lengths, int symbols, ushort* codes)
    {
        int* perLength = stackalloc int[16];
        uint* next = stackalloc uint[16];
        for (int i = 0; i < 16; i++)
        {
            perLength[i] = 0;
        }

        for (int i = 0; i < symbols; i++)
        {
            perLength[lengths[i]]++;
        }

        perLength[0] = 0;
        next[0] = 0;
        uint code = 0;
        for (int i = 1; i < 16; i++)
        {
            code = (code + (uint)perLength[i - 1]) << 1;
            next[i] = code;
        }

        for (int i = 0; i < symbols; i++)
        {
            int length = lengths[i];
            codes[i] = length == 0 ? (ushort)0 : Reverse(next[length]++, length);
        }
    }

    private static ushort Reverse(uint code, int length)
    {
        code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
        code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
        code = ((code & 0x0F0F) << 4) | ((code >> 4) & 0x0F0F);
        code = ((code & 0x00FF) << 8) | ((code >> 8) & 0x00FF);
        return (ushort)(code >> (16 - length));
    }

    // By count, then symbol. Counts stay below 2^23.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sort(ref uint* keys, ref uint* scratch, int count, uint largest)
    {
        int* offsets = stackalloc int[256];
        for (int shift = 9; shift < 32 && largest >> (shift - 9) != 0; shift += 8)
        {
            new Span<int>(offsets, 256).Clear();
            for (int i = 0; i < count; i++)
            {
                offsets[(keys[i] >> shift) & 255]++;
            }

            int sum = 0;
            for (int i = 0; i < 256; i++)
            {
                int here = offsets[i];
                offsets[i] = sum;
                sum += here;
            }

            for (int i = 0; i < count; i++)
            {
                scratch[offsets[(keys[i] >> shift) & 255]++] = keys[i];
            }

            uint* swap = keys;
            keys = scratch;
            scratch = swap;
        }
    }

    // Turns ascending weights into depths, deepest first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Depths(uint* a, int count)
    {
        int leaf = 0;
        int root = 0;
        for (int next = 0; next < count - 1; next++)
        {
            uint sum = 0;
            for (int child = 0; child < 2; child++)
            {
                if (leaf >= count || (root < next && a[root] < a[leaf]))
                {
                    sum += a[root];
                    a[root++] = (uint)next;
                }
                else
                {
                    sum += a[leaf++];
                }
            }

            a[next] = sum;
        }

        a[count - 2] = 0;
        for (int i = count - 3; i >= 0; i--)
        {
            a[i] = a[a[i]] + 1;
        }

        int available = 1;
        uint depth = 0;
        int inner = count - 2;
        for (int next = count - 1; available > 0; depth++)
        {
            int used = 0;
            while (inner >= 0 && a[inner] == depth)
            {
                used++;
                inner--;
            }

            for (; available > used; available--)
            {
                a[next--] = depth;
            }

            available = 2 * used;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Assign(uint* keys, uint* depths, int count, int maxBits, byte* lengths)
    {
        int* perLength = stackalloc int[16];
        new Span<int>(perLength, 16).Clear();
        for (int i = 0; i < count; i++)
        {
            perLength[Math.Min((int)depths[i], maxBits)]++;
        }

        uint total = 0;
        for (int i = 1; i <= maxBits; i++)
        {
            total += (uint)perLength[i] << (maxBits - i);
        }

        // Each turn takes a deepest leaf away and makes a pair of it and a leaf higher up.
        for (; total > 1u << maxBits; total--)
        {
            int above = maxBits - 1;
            while (perLength[above] == 0)
            {
                above--;
            }

            perLength[maxBits]--;
            perLength[above]--;
            perLength[above + 1] += 2;
        }

        int at = 0;
        for (int length = maxBits; length > 0; length--)
        {
            for (int i = perLength[length]; i > 0; i--)
            {
                lengths[keys[at++] & 511] = (byte)length;
            }
        }
    }
}

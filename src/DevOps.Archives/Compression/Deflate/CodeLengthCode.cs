using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>The description of a dynamic block's two codes, as it stands before the block.</summary>
/// <remarks>Source: RFC 1951, section 3.2.7.</remarks>
internal unsafe struct CodeLengthCode
{
    private const int Symbols = 19;
    private const int CopyPrevious = 16;
    private const int FewZeros = 17;
    private const int ManyZeros = 18;

    // Each item: the symbol in the lower byte, its extra bits above.
    private fixed ushort _items[DeflateFormat.LengthSymbols + DeflateFormat.DistanceSymbols];
    private fixed byte _lengths[Symbols];
    private int _itemCount;
    private int _lengthCodes;
    private int _distanceCodes;
    private int _ownCodes;

    private static ReadOnlySpan<byte> Order => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static int ExtraBits(int symbol) => symbol switch { CopyPrevious => 2, FewZeros => 3, ManyZeros => 7, _ => 0 };

    /// <summary>Describes both codes, and returns how many bits the description takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Build(byte* lengthLengths, byte* distanceLengths)
    {
        _lengthCodes = DeflateFormat.LengthSymbols;
        while (_lengthCodes > 257 && lengthLengths[_lengthCodes - 1] == 0)
        {
            _lengthCodes--;
        }

        _distanceCodes = DeflateFormat.DistanceSymbols;
        while (_distanceCodes > 1 && distanceLengths[_distanceCodes - 1] == 0)
        {
            _distanceCodes--;
        }

        byte* all = stackalloc byte[DeflateFormat.LengthSymbols + DeflateFormat.DistanceSymbols];
        new ReadOnlySpan<byte>(lengthLengths, _lengthCodes).CopyTo(new Span<byte>(all, _lengthCodes));
        new ReadOnlySpan<byte>(distanceLengths, _distanceCodes).CopyTo(new Span<byte>(all + _lengthCodes, _distanceCodes));
        RunLengths(all, _lengthCodes + _distanceCodes);
        return BuildOwn();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Write(ref BitOutput output)
    {
        ushort* codes = stackalloc ushort[Symbols];
        fixed (byte* lengths = _lengths)
        {
            PrefixCode.BuildCodes(lengths, Symbols, codes);
        }

        output.Write((uint)((_lengthCodes - 257) | ((_distanceCodes - 1) << 5) | ((_ownCodes - 4) << 10)), 14);
        for (int i = 0; i < _ownCodes; i++)
        {
            output.Write(_lengths[Order[i]], 3);
        }

        for (int i = 0; i < _itemCount; i++)
        {
            int symbol = _items[i] & 0xFF;
            int length = _lengths[symbol];
            output.Write(codes[symbol] | ((ulong)(_items[i] >> 8) << length), length + ExtraBits(symbol));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLengths(byte* lengths, int count)
    {
        _itemCount = 0;
        for (int i = 0; i < count;)
        {
            byte value = lengths[i];
            int run = 1;
            while (i + run < count && lengths[i + run] == value)
            {
                run++;
            }

            i += run;
            if (value != 0)
            {
                Add(value, 0);
                run--;
            }

            while (run >= 3)
            {
                int most = value != 0 ? 6 : run < 11 ? 10 : 138;
                int part = Math.Min(run, most);
                Add(value != 0 ? CopyPrevious : run < 11 ? FewZeros : ManyZeros, part - (value == 0 && run >= 11 ? 11 : 3));
                run -= part;
            }

            for (; run > 0; run--)
            {
                Add(value, 0);
            }
        }
    }

    private void Add(int symbol, int extra) => _items[_itemCount++] = (ushort)(symbol | (extra << 8));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int BuildOwn()
    {
        uint* counts = stackalloc uint[Symbols];
        new Span<uint>(counts, Symbols).Clear();
        for (int i = 0; i < _itemCount; i++)
        {
            counts[_items[i] & 0xFF]++;
        }

        fixed (byte* lengths = _lengths)
        {
            PrefixCode.BuildLengths(counts, Symbols, 7, lengths);
        }

        _ownCodes = Symbols;
        while (_ownCodes > 4 && _lengths[Order[_ownCodes - 1]] == 0)
        {
            _ownCodes--;
        }

        int bits = 14 + (3 * _ownCodes);
        for (int i = 0; i < Symbols; i++)
        {
            bits += (int)counts[i] * (_lengths[i] + ExtraBits(i));
        }

        return bits;
    }
}

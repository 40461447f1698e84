using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>Lays out one 512-byte header. Everything that does not fit is told to the caller, who writes it as a PAX record before.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "ustar Interchange Format".</remarks>
internal static class UstarHeader
{
    internal const int Length = 512;

    private const long MaxEightDigits = (1L << 21) - 1;
    private const long MaxTwelveDigits = (1L << 33) - 1;

    /// <summary>Writes the header of a member and returns the PAX records that it needs besides, by key in ordinal order.</summary>
    internal static SortedDictionary<string, ReadOnlyMemory<byte>>? Write(Span<byte> header, TarMember member)
    {
        header.Clear();
        SortedDictionary<string, ReadOnlyMemory<byte>>? records = null;
        string path = member.Kind == TarMemberKind.Directory ? member.Path + "/" : member.Path;
        if (!TryWritePath(header, path))
        {
            Add(ref records, "path", path);
            WriteLossy(header[..100], path);
        }

        if (member.LinkTarget is { } target && !TryWriteAscii(header.Slice(157, 100), target))
        {
            Add(ref records, "linkpath", target);
            WriteLossy(header.Slice(157, 100), target);
        }

        foreach ((string name, ReadOnlyMemory<byte> value) in member.ExtendedAttributes)
        {
            Add(ref records, PaxRecords.ExtendedAttributePrefix + name, value);
        }

        WriteNumber(header.Slice(108, 8), member.OwnerId, MaxEightDigits, "uid", ref records);
        WriteNumber(header.Slice(116, 8), member.GroupId, MaxEightDigits, "gid", ref records);
        WriteNumber(header.Slice(124, 12), member.Kind == TarMemberKind.File ? member.LengthBytes : 0, MaxTwelveDigits, "size", ref records);
        WriteNumber(header.Slice(136, 12), member.ModifiedAt.ToUnixTimeSeconds(), MaxTwelveDigits, "mtime", ref records);
        Finish(header, member.Mode, member.Kind switch
        {
            TarMemberKind.Directory => (byte)'5',
            TarMemberKind.SymbolicLink => (byte)'2',
            TarMemberKind.HardLink => (byte)'1',
            _ => (byte)'0',
        });
        return records;
    }

    /// <summary>Writes the header of a block of PAX records. Its name is constant: the records are all that a reader looks at.</summary>
    internal static void WriteExtended(Span<byte> header, int recordsLength)
    {
        header.Clear();
        "PaxHeader"u8.CopyTo(header);
        WriteOctal(header.Slice(108, 8), 0);
        WriteOctal(header.Slice(116, 8), 0);
        WriteOctal(header.Slice(124, 12), recordsLength);
        WriteOctal(header.Slice(136, 12), 0);
        Finish(header, 0x1A4, (byte)'x');
    }

    private static void Finish(Span<byte> header, int mode, byte typeFlag)
    {
        WriteOctal(header.Slice(100, 8), mode);
        header[156] = typeFlag;
        "ustar\000"u8.CopyTo(header[257..]);
        header.Slice(148, 8).Fill((byte)' ');

        // Six digits, a NUL and the space that is there already.
        WriteOctal(header.Slice(148, 7), Sum(header));
    }

    private static int Sum(ReadOnlySpan<byte> header)
    {
        // 512 bytes are 32 in each of 16 lanes, which have room for 257.
        Vector256<ushort> sums = Vector256<ushort>.Zero;
        for (int i = 0; i < Length; i += Vector256<byte>.Count)
        {
            (Vector256<ushort> lower, Vector256<ushort> upper) = Vector256.Widen(Vector256.Create(header.Slice(i, Vector256<byte>.Count)));
            sums += lower + upper;
        }

        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(sums);
        return (int)Vector256.Sum(low + high);
    }

    private static void WriteNumber(Span<byte> field, long value, long max, string key, ref SortedDictionary<string, ReadOnlyMemory<byte>>? records)
    {
        bool fits = value >= 0 && value <= max;
        WriteOctal(field, fits ? value : 0);
        if (!fits)
        {
            Add(ref records, key, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteOctal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (int)(value & 7));
        }
    }

    private static bool TryWritePath(Span<byte> header, string path)
    {
        if (TryWriteAscii(header[..100], path))
        {
            return true;
        }

        // The longest prefix leaves the shortest name; the slash between them is not stored, and the one that ends a directory is part of its name.
        for (int slash = path.LastIndexOf('/', Math.Clamp(path.Length - 2, 0, 155)); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (path.Length - slash - 1 > 100)
            {
                return false;
            }

            if (TryWriteAscii(header[..100], path.AsSpan(slash + 1)) && TryWriteAscii(header.Slice(345, 155), path.AsSpan(0, slash)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryWriteAscii(Span<byte> field, ReadOnlySpan<char> text)
    {
        if (text.Length > field.Length || !Ascii.IsValid(text))
        {
            return false;
        }

        field.Clear();
        Encoding.ASCII.GetBytes(text, field);
        return true;
    }

    private static void WriteLossy(Span<byte> field, string text)
    {
        field.Clear();
        for (int i = 0; i < Math.Min(text.Length, field.Length); i++)
        {
            field[i] = char.IsAscii(text[i]) ? (byte)text[i] : (byte)'_';
        }
    }

    private static void Add(ref SortedDictionary<string, ReadOnlyMemory<byte>>? records, string key, string value) =>
        Add(ref records, key, Encoding.UTF8.GetBytes(value));

    private static void Add(ref SortedDictionary<string, ReadOnlyMemory<byte>>? records, string key, ReadOnlyMemory<byte> value) =>
        (records ??= new(StringComparer.Ordinal)).Add(key, value);
}

using System.Buffers.Binary;
using System.Text;
using DevOps.Testing;

namespace DevOps.Archives.Tar.Tests;

/// <summary>Damages archives where it hurts: fields of headers with a right checksum, PAX records, whole blocks. The same seed gives the same damage, outside a soak.</summary>
internal static class TarDamage
{
    private const int Block = 512;

    // Of a header that POSIX or GNU define: offset and length.
    private static readonly (int Offset, int Length)[] Fields =
        [(0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (345, 155), (386, 12), (398, 12), (410, 12), (482, 1), (483, 12), (508, 4)];

    private static readonly byte[][] Texts = [.. ((string[])[
        "", "/", ".", "..", "../outside", "../outside.txt", "a/../../outside.txt", "/outside.txt", "dir", "dir/", "link", "link/kept.txt", "link/x", "dir/link", "dir/link/outside.txt", "hard", "tree", "tree/link", "tree/dir", "tree/dir/file.txt", "file", "last",
        "a//b", "\uFFFD", "\n", new string('n', 100), new string('n', 300), "././@LongLink"]).Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Numbers = [.. ((string[])[
        "", "0", "1", "7", "10", "777", "1000", "4000000", "77777777777", "777777777777", "  10", "10 ", "-1", "9", "x", "00000001000 "]).Select(Encoding.ASCII.GetBytes)];

    private static readonly long[] Base256 = [0, 1, -1, 511, 512, 1 << 20, (1 << 20) + 1, int.MaxValue, long.MaxValue, long.MaxValue - 511, long.MinValue];

    private static readonly byte[] Types = "\000123567xXgLKSDMVNAZ"u8.ToArray();

    private static readonly string[] Keys =
        ["path", "linkpath", "size", "mtime", "uid", "gid", "comment", "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name", "GNU.sparse.realsize", "GNU.sparse.size", "GNU.sparse.map", "GNU.sparse.offset", "GNU.sparse.numbytes", "hdrcharset"];

    private static readonly string[] Values =
        ["", "0", "1", "8", "-1", "1.5", "9223372036854775807", "9223372036854775808", "1e9", "0,8", "0,4,4,4", "8,0,0,8", "0,9223372036854775807", "../outside.txt", "link/x", "a\0b", "dir/", "link", "x", "BINARY"];

    internal static IEnumerable<byte[]> Of(byte[] archive, IReadOnlyList<byte[]> others, int seed, int count)
    {
        Random random = new(Soak.Seed(seed));
        for (int i = 0; i < Soak.Times(count); i++)
        {
            byte[] bytes = [.. archive];
            for (int times = random.Next(1, 5); times > 0; times--)
            {
                bytes = Once(bytes, others, random);
            }

            yield return bytes;
        }
    }

    private static byte[] Once(byte[] bytes, IReadOnlyList<byte[]> others, Random random)
    {
        int[] headers = [.. Headers(bytes)];
        if (headers.Length == 0)
        {
            return [.. others[random.Next(others.Count)]];
        }

        int header = headers[random.Next(headers.Length)];
        switch (random.Next(10))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                return Splice(bytes, others[random.Next(others.Count)], random);
            case 3:
                bytes[header + random.Next(Block)] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                bytes[header + 156] = Types[random.Next(Types.Length)];
                break;
            case 5:
                return [.. bytes[..header], .. Records(random), .. bytes[header..]];
            case 6:
                EditContent(bytes.AsSpan(Math.Min(header + Block, bytes.Length)), random);
                return bytes;
            default:
                SetField(bytes.AsSpan(header, Block), random);
                break;
        }

        Sum(bytes.AsSpan(header, Block));
        return bytes;
    }

    // Blocks with a right checksum; a few of them may be content.
    private static IEnumerable<int> Headers(byte[] bytes)
    {
        for (int at = 0; at + Block <= bytes.Length; at += Block)
        {
            if (bytes.AsSpan(at, Block).ContainsAnyExcept((byte)0) && TarNumber.Read(bytes.AsSpan(at + 148, 6)) == SumOf(bytes.AsSpan(at, Block)))
            {
                yield return at;
            }
        }
    }

    private static byte[] Splice(byte[] bytes, byte[] other, Random random)
    {
        int at = random.Next(bytes.Length / Block + 1) * Block;
        int from = random.Next(other.Length / Block + 1) * Block;
        int length = Math.Min(random.Next(1, 6) * Block, other.Length - from);
        int replaced = random.Next(2) * Math.Min(length, bytes.Length - Math.Min(at, bytes.Length));
        at = Math.Min(at, bytes.Length);
        return [.. bytes[..at], .. other[from..(from + length)], .. bytes[(at + replaced)..]];
    }

    // An x, g, L or K header before the entry, with the length right or nearly.
    private static byte[] Records(Random random)
    {
        using MemoryStream content = new();
        char type = "xxxgLK"[random.Next(6)];
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            string key = Keys[random.Next(Keys.Length)];
            string value = Values[random.Next(Values.Length)];
            content.Write(type is 'L' or 'K'
                ? Texts[random.Next(Texts.Length)]
                : PaxRecords.Write(new(StringComparer.Ordinal) { [key] = Encoding.UTF8.GetBytes(value) }));
        }

        if (random.Next(5) == 0 && content.Length > 0)
        {
            content.GetBuffer()[random.Next((int)content.Length)] ^= (byte)(1 << random.Next(8));
        }

        byte[] padded = new byte[(content.Length + Block - 1) / Block * Block];
        content.ToArray().CopyTo(padded, 0);
        return [.. RawTar.Header("pax", type, Math.Max(0, content.Length + (random.Next(6) == 0 ? random.Next(-3, 4) : 0))), .. padded];
    }

    // Digits of records and maps, and what is between them.
    private static void EditContent(Span<byte> content, Random random)
    {
        if (!content.IsEmpty)
        {
            content[random.Next(Math.Min(content.Length, 64))] = "0123456789 =\n,/.\0"u8[random.Next(17)];
        }
    }

    private static void SetField(Span<byte> header, Random random)
    {
        // Names and targets of links are what can lead out of a directory.
        (int offset, int length) = random.Next(3) switch { 0 => (0, 100), 1 => (157, 100), _ => Fields[random.Next(Fields.Length)] };
        Span<byte> field = header.Slice(offset, length);
        if (length == 12 && random.Next(3) == 0)
        {
            field.Clear();
            BinaryPrimitives.WriteInt64BigEndian(field[4..], Base256[random.Next(Base256.Length)]);
            field[..4].Fill((byte)(field[4] >= 0x80 ? 0xFF : 0));
            field[0] |= 0x80;
            return;
        }

        byte[] value = length is 8 or 12 ? Numbers[random.Next(Numbers.Length)] : Texts[random.Next(Texts.Length)];
        field.Clear();
        value.AsSpan(0, Math.Min(value.Length, length)).CopyTo(field);
    }

    private static void Sum(Span<byte> header) => Encoding.ASCII.GetBytes(Convert.ToString(SumOf(header), 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);

    private static int SumOf(ReadOnlySpan<byte> header)
    {
        int sum = 8 * ' ';
        for (int i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return sum;
    }

}

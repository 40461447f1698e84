using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>One 512-byte header as it stands, before what other headers say of the same entry.</summary>
internal sealed record TarHeader
{
    internal const int Length = 512;

    private const int SparseMapOffset = 386;
    private const int SparseMapEntries = 4;

    internal required byte TypeFlag { get; init; }

    internal required string Name { get; init; }

    internal required string LinkName { get; init; }

    internal required long Size { get; init; }

    internal required int Mode { get; init; }

    internal required long OwnerId { get; init; }

    internal required long GroupId { get; init; }

    internal required long ModifiedAt { get; init; }

    /// <summary>Gets the size with holes of GNU's old sparse format.</summary>
    internal long RealSize { get; init; }

    internal IReadOnlyList<SparseRegion> SparseRegions { get; init; } = [];

    internal bool HasMoreSparseRegions { get; init; }

    /// <summary>Reads a header; throws with a reason, as the end of a sentence, if it is none.</summary>
    /// <exception cref="FormatException">The block is no header.</exception>
    internal static TarHeader Read(ReadOnlySpan<byte> block)
    {
        CheckSum(block);
        bool isUstar = block.Slice(257, 5).SequenceEqual("ustar"u8);
        bool isGnu = block.Slice(257, 8).SequenceEqual("ustar  \0"u8);
        bool isStar = isUstar && !isGnu && block.Slice(508, 4).SequenceEqual("tar\0"u8);
        string name = Text(block[..100]);

        // GNU keeps other things where POSIX has the prefix; star's prefix is shorter, with times behind it.
        string prefix = !isUstar || isGnu ? "" : Text(block.Slice(345, isStar ? 131 : 155));
        byte type = block[156];
        bool isSparse = type == 'S';
        return new()
        {
            TypeFlag = type,
            Name = prefix.Length == 0 ? name : $"{prefix}/{name}",
            LinkName = Text(block.Slice(157, 100)),
            Size = Required(block.Slice(124, 12), "size"),
            Mode = (int)(Required(block.Slice(100, 8), "mode") & 0xFFF),
            OwnerId = Required(block.Slice(108, 8), "owner"),
            GroupId = Required(block.Slice(116, 8), "group"),
            ModifiedAt = TarNumber.Read(block.Slice(136, 12)) ?? throw new FormatException("its time is no number"),
            RealSize = isSparse ? Required(block.Slice(483, 12), "size with holes") : 0,
            SparseRegions = isSparse ? SparseRegion.ReadTable(block.Slice(SparseMapOffset, SparseMapEntries * SparseRegion.TableEntryLength)) : [],
            HasMoreSparseRegions = isSparse && block[482] != 0,
        };
    }

    internal static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static long Required(ReadOnlySpan<byte> field, string what) =>
        TarNumber.Read(field) is >= 0 and var value ? value : throw new FormatException($"its {what} is no number, or is negative");

    // Old programs summed signed bytes; both sums are in use.
    private static void CheckSum(ReadOnlySpan<byte> block)
    {
        long? stated = TarNumber.Read(block.Slice(148, 8));
        long unsigned = 8 * ' ';
        long signed = 8 * ' ';
        for (int i = 0; i < Length; i++)
        {
            if (i is < 148 or >= 156)
            {
                unsigned += block[i];
                signed += (sbyte)block[i];
            }
        }

        if (stated != unsigned && stated != signed)
        {
            throw new FormatException("its checksum is wrong");
        }
    }
}

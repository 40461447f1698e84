namespace DevOps.Archives.Tar;

/// <summary>A part of a sparse file that is stored; what is between such parts is zeros.</summary>
internal readonly record struct SparseRegion(long Offset, long LengthBytes)
{
    internal const int TableEntryLength = 24;

    /// <summary>Reads a table of offsets and lengths, 12 bytes each; it ends at the first empty offset.</summary>
    /// <remarks>Source: GNU tar manual, "Old GNU Format" of sparse files.</remarks>
    /// <exception cref="FormatException">A field is no number.</exception>
    internal static List<SparseRegion> ReadTable(ReadOnlySpan<byte> table)
    {
        List<SparseRegion> regions = [];
        for (; table.Length >= TableEntryLength && table[0] != 0; table = table[TableEntryLength..])
        {
            regions.Add(TarNumber.Read(table[..12]) is >= 0 and var offset && TarNumber.Read(table.Slice(12, 12)) is >= 0 and var length
                ? new(offset, length)
                : throw new FormatException("its map of holes has something that is no number"));
        }

        return regions;
    }

    /// <summary>Checks that regions follow each other, stay in the file, and need just the bytes that are stored.</summary>
    /// <exception cref="FormatException">They do not.</exception>
    internal static void Check(IReadOnlyList<SparseRegion> regions, long fileLength, long storedLength)
    {
        long end = 0;
        long stored = 0;
        foreach (SparseRegion region in regions)
        {
            if (region.Offset < end || region.LengthBytes < 0 || region.LengthBytes > fileLength - region.Offset)
            {
                throw new FormatException("its map of holes is out of order, or leads out of the file");
            }

            end = region.Offset + region.LengthBytes;
            stored += region.LengthBytes;
        }

        if (stored != storedLength)
        {
            throw new FormatException($"its map of holes needs {stored} bytes and {storedLength} are stored");
        }
    }
}

using System.Globalization;

namespace DevOps.Archives.Tar;

/// <summary>Reads the maps of sparse files that GNU tar writes as PAX records.</summary>
/// <remarks>Source: GNU tar manual, "Storing Sparse Files", "PAX Format, Versions 0.0 and 0.1".</remarks>
internal static class SparseMaps
{
    internal const string Major = "GNU.sparse.major";

    /// <summary>Returns the regions of formats 0.0 and 0.1, or <see langword="null"/> if the records hold none.</summary>
    /// <exception cref="FormatException">The map is malformed.</exception>
    internal static List<SparseRegion>? FromRecords(PaxAttributes records)
    {
        if (records.Text("GNU.sparse.map") is { } map)
        {
            return Pairs(map.Split(','));
        }

        string[] numbers = [.. records.Local.Where(record => record.Key is "GNU.sparse.offset" or "GNU.sparse.numbytes").Select(record => record.Text)];
        return numbers.Length > 0 ? Pairs(numbers) : null;
    }

    /// <exception cref="FormatException">There is an odd count, or something is no number.</exception>
    internal static List<SparseRegion> Pairs(IReadOnlyList<string> numbers)
    {
        if (numbers.Count % 2 != 0)
        {
            throw new FormatException("its map of holes has an odd count of numbers");
        }

        List<SparseRegion> regions = new(numbers.Count / 2);
        for (int i = 0; i < numbers.Count; i += 2)
        {
            regions.Add(new(Number(numbers[i]), Number(numbers[i + 1])));
        }

        return regions;
    }

    internal static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw new FormatException("its map of holes has something that is no number");
}

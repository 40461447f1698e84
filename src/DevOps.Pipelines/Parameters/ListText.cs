namespace DevOps.Pipelines;

/// <summary>Reads and writes lists in one text.</summary>
internal static class ListText
{
    /// <exception cref="FormatException">An item is empty.</exception>
    internal static IEnumerable<string> Split(string text)
    {
        string[] items;
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            items = (text.EndsWith('\n') ? text[..^1] : text).Split('\n', StringSplitOptions.TrimEntries);
        }
        else
        {
            items = text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        }

        return items.Contains("") ? throw new FormatException("an empty item") : items;
    }

    internal static string Join(IReadOnlyList<string> items) =>
        items.Any(item => item.Contains(',', StringComparison.Ordinal)) ? string.Concat(items.Select(item => $"{item}\n")) : string.Join(',', items);

    /// <summary>Writes items so that no comma in one separates anything.</summary>
    internal static string JoinLines(IEnumerable<string> items) => string.Concat(items.Select(item => $"{item}\n"));
}

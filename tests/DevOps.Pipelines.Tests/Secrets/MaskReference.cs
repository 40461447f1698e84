namespace DevOps.Pipelines.Tests;

/// <summary>Masks as slowly and plainly as possible: looks for every pattern at every place.</summary>
internal static class MaskReference
{
    /// <summary>Returns the places of all patterns, those that overlap as one.</summary>
    internal static List<(int Start, int End)> Places(string text, IEnumerable<string> patterns)
    {
        // Each position tells whether the byte is hidden, and whether it is hidden together with the one before.
        bool[] hidden = new bool[text.Length];
        bool[] joined = new bool[text.Length];
        foreach (string pattern in patterns)
        {
            for (int i = 0; i + pattern.Length <= text.Length; i++)
            {
                if (string.CompareOrdinal(text, i, pattern, 0, pattern.Length) == 0)
                {
                    hidden.AsSpan(i, pattern.Length).Fill(true);
                    joined.AsSpan(i + 1, pattern.Length - 1).Fill(true);
                }
            }
        }

        List<(int Start, int End)> places = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (joined[i])
            {
                places[^1] = (places[^1].Start, i + 1);
            }
            else if (hidden[i])
            {
                places.Add((i, i + 1));
            }
        }

        return places;
    }

    internal static string Mask(string text, IReadOnlyCollection<string> patterns) => MaskUpTo(text, patterns, text.Length);

    /// <summary>Returns the length of the longest end of the text that begins a pattern and is not all of it.</summary>
    internal static int Held(string text, IReadOnlyCollection<string> patterns)
    {
        int held = patterns.Count == 0 ? 0 : Math.Min(text.Length, patterns.Max(pattern => pattern.Length) - 1);
        while (held > 0 && !patterns.Any(pattern => pattern.Length > held && pattern.StartsWith(text[^held..], StringComparison.Ordinal)))
        {
            held--;
        }

        return held;
    }

    /// <summary>Returns what a filter must have written once the text came and nothing more: all but the end that is held.</summary>
    internal static string WrittenSoFar(string text, IReadOnlyCollection<string> patterns) => MaskUpTo(text, patterns, text.Length - Held(text, patterns));

    private static string MaskUpTo(string text, IReadOnlyCollection<string> patterns, int end)
    {
        string masked = "";
        int position = 0;
        foreach ((int start, int stop) in Places(text, patterns).Where(place => place.Start <= end))
        {
            masked += text[position..start] + "***";
            position = stop;
        }

        return position < end ? masked + text[position..end] : masked;
    }
}

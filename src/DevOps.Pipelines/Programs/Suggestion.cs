namespace DevOps.Pipelines;

/// <summary>Finds what a person may have meant.</summary>
internal static class Suggestion
{
    /// <summary>Returns <c> Did you mean 'X'?</c>, or nothing if no name is close.</summary>
    internal static string For(string text, IEnumerable<string> names)
    {
        string? best = null;
        int bestDistance = Math.Max(1, text.Length / 3) + 1;
        foreach (string name in names)
        {
            int distance = Distance(text.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best is null ? "" : $" Did you mean '{best}'?";
    }

    // Levenshtein's distance, one row at a time. A long text is no misspelt name.
    private static int Distance(string one, string other)
    {
        if (one.Length > 200 || other.Length > 200)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}

namespace DevOps.Pipelines;

/// <summary>Finds the name that was probably meant.</summary>
internal static class SimilarNames
{
    // Long names and long lists are not worth the time: the search is quadratic in the names' length.
    private const int MaxLength = 64;
    private const int MaxNames = 10_000;

    /// <summary>Returns a question to put behind the name in a message, or the empty text.</summary>
    internal static string Hint(string name, IEnumerable<string> names)
    {
        string? best = null;
        int least = Math.Max(1, name.Length / 3) + 1;
        foreach (string other in names.Take(MaxNames))
        {
            if (name.Length <= MaxLength && other.Length <= MaxLength && Distance(name, other) is int distance && distance < least)
            {
                (best, least) = (other, distance);
            }
        }

        return best is null ? "" : $" (did you mean '{best}'?)";
    }

    /// <summary>Returns how many characters must be put in, left out, changed or swapped with their neighbour to make one name of the other; case does not count.</summary>
    private static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                bool same = IsSame(one[i - 1], other[j - 1]);
                int best = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (same ? 0 : 1));
                bool swapped = i > 1 && j > 1 && IsSame(one[i - 1], other[j - 2]) && IsSame(one[i - 2], other[j - 1]);
                cost[i, j] = swapped ? Math.Min(best, cost[i - 2, j - 2] + 1) : best;
            }
        }

        return cost[one.Length, other.Length];
    }

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}

namespace Cli;

/// <summary>Guesses what was meant by a word that is not known.</summary>
internal static class Similar
{
    private const int MaxEdits = 2;

    internal static string Hint(string word, IEnumerable<string> known) =>
        known.Select(candidate => (candidate, Cost: Cost(word, candidate))).Where(guess => guess.Cost <= MaxEdits).OrderBy(guess => guess.Cost).Select(guess => guess.candidate).FirstOrDefault() is { } meant
            ? $" Did you mean '{meant}'?"
            : "";

    private static int Cost(string word, string candidate) => word.Length > 2 && candidate.StartsWith(word, StringComparison.Ordinal) ? 0 : Edits(word, candidate);

    // Letters that are missing, too many or wrong. Source: R. A. Wagner and M. J. Fischer, "The String-to-String Correction Problem", 1974.
    private static int Edits(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 0; i < one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < other.Length; j++)
            {
                int replaced = diagonal + (one[i] == other[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}

using System.Text;

namespace DevOps.Pipelines;

/// <summary>Makes text of jobs fit to be shown: it may hold what steers a terminal, in commits' subjects or programs' output.</summary>
internal static class ViewText
{
    internal static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Success => "done",
        Outcome.Unstable => "unstable",
        Outcome.Failure => "failed",
        Outcome.TimedOut => "timed out",
        Outcome.Cancelled => "cancelled",
        _ => "skipped",
    };

    /// <summary>Returns the text as one line without control characters.</summary>
    internal static string Line(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            // Besides C0 and C1: line separators, and marks that turn the direction of what follows.
            line.Append(c switch
            {
                '\t' or '\n' or '\u2028' or '\u2029' => ' ',
                '\r' => "",
                _ when char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => "\uFFFD",
                _ => c.ToString(),
            });
        }

        return line.ToString();
    }

    internal static IEnumerable<string> Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(Line);

    internal static string FirstLine(string? text) => text is null ? "" : Line(text.ReplaceLineEndings("\n").TrimStart('\n').Split('\n')[0]);

    /// <summary>Returns a line that takes at most so many columns, cut with a sign if it is longer.</summary>
    internal static string Fit(string line, int width)
    {
        int columns = 0;
        int fits = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            columns += Columns(rune);
            if (columns > width)
            {
                return line[..fits] + "…";
            }

            if (columns < width)
            {
                fits += rune.Utf16SequenceLength;
            }
        }

        return line;
    }

    internal static string Colored(string text, Outcome outcome, ViewOptions options) => options.HasColors
        ? $"\e[{outcome switch { Outcome.Success => "32", Outcome.Failure or Outcome.TimedOut => "31", Outcome.Unstable or Outcome.Cancelled => "33", _ => "2" }}m{text}\e[0m"
        : text;

    // East Asian wide characters and pictures; close enough for cutting lines.
    private static int Columns(Rune rune) => rune.Value switch
    {
        < 0x1100 => 1,
        <= 0x115F or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };
}

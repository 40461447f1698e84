using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes a command so that it can be pasted into a POSIX shell and there means the same.</summary>
/// <remarks>Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting. Words with control characters are written as <c>$'…'</c>, which bash, zsh, ksh and POSIX of 2024 know, and dash does not.</remarks>
internal static class CommandText
{
    private const string Mask = "***";

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-");

    private static readonly SearchValues<string> ReservedWords = SearchValues.Create(
        ["if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in", "function", "select", "time", "coproc"], StringComparison.Ordinal);

    /// <summary>Returns the command, with <c>***</c> in the place of each secret.</summary>
    internal static string Of(string fileName, IEnumerable<string> arguments, ImmutableArray<string> secrets)
    {
        string[] hidden = [.. secrets.Where(secret => !string.IsNullOrEmpty(secret)).OrderByDescending(secret => secret.Length)];
        StringBuilder text = new(Word(fileName, hidden, isCommand: true));
        foreach (string argument in arguments)
        {
            text.Append(' ').Append(Word(argument, hidden, isCommand: false));
        }

        return text.ToString();
    }

    private static string Word(string word, string[] secrets, bool isCommand)
    {
        string shown = word;
        foreach (string secret in secrets)
        {
            shown = shown.Replace(secret, Mask, StringComparison.Ordinal);
        }

        // What is hidden cannot be pasted anyway: its mask needs no quotes.
        string judged = ReferenceEquals(shown, word) ? word : shown.Replace(Mask, "x", StringComparison.Ordinal);
        bool isPlain = judged.Length > 0 && !judged.AsSpan().ContainsAnyExcept(Plain) && !(isCommand && (judged.Contains('=', StringComparison.Ordinal) || ReservedWords.Contains(judged)));
        return isPlain ? shown : shown.Any(char.IsControl) ? Escaped(shown) : $"'{shown.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    private static string Escaped(string word)
    {
        StringBuilder text = new("$'");
        foreach (Rune rune in word.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case '\'' or '\\':
                    text.Append('\\').Append(rune);
                    break;
                case < ' ' or 0x7F:
                    text.Append(CultureInfo.InvariantCulture, $"\\{Convert.ToString(rune.Value, 8).PadLeft(3, '0')}");
                    break;

                // The C1 controls are two bytes in UTF-8.
                case >= 0x80 and < 0xA0:
                    text.Append(CultureInfo.InvariantCulture, $"\\302\\{Convert.ToString(rune.Value, 8)}");
                    break;
                default:
                    text.Append(rune);
                    break;
            }
        }

        return text.Append('\'').ToString();
    }
}

using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>What a text looks like where it is quoted for a shell, without the quotes around it.</summary>
internal static class ShellForms
{
    // What bash's printf %q puts a backslash before; '#' and '~' only where they stand first.
    private const string SpecialOfBash = " \t!\"$&'()*,;<>?[\\]^`{|}";

    internal static IEnumerable<string> Of(string text)
    {
        yield return text.Replace("'", "'\\''", StringComparison.Ordinal);
        yield return text.Replace("'", "'\"'\"'", StringComparison.Ordinal);

        // PowerShell, SQL and YAML double the quote.
        yield return text.Replace("'", "''", StringComparison.Ordinal);
        yield return Escape(text, c => c is '"' or '$' or '`' or '\\');
        yield return Escape(text, c => c is '"' or '$' or '`' or '\\' or '!');
        string bash = Escape(text, c => SpecialOfBash.Contains(c, StringComparison.Ordinal));
        yield return text[0] is '#' or '~' ? '\\' + bash : bash;

        // Ruby's Shellwords and others: everything that is not known to be harmless.
        yield return Escape(text, c => !char.IsAsciiLetterOrDigit(c) && !"_-.,:+/@\n".Contains(c, StringComparison.Ordinal));
        yield return AnsiC(text, char.MaxValue);

        // Where the locale is C, the bytes of other characters come as numbers.
        yield return AnsiC(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)), '~');
    }

    private static string Escape(string text, Predicate<char> isSpecial)
    {
        StringBuilder escaped = new(text.Length * 2);
        foreach (char c in text)
        {
            _ = isSpecial(c) ? escaped.Append('\\').Append(c) : escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>The form between <c>$'</c> and <c>'</c>, which bash prints for texts with control characters.</summary>
    private static string AnsiC(string text, char lastShown)
    {
        StringBuilder escaped = new(text.Length * 2);
        foreach (char c in text)
        {
            escaped.Append(c switch
            {
                '\'' => "\\'",
                '\\' => "\\\\",
                '\a' => "\\a",
                '\b' => "\\b",
                '\e' => "\\E",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\v' => "\\v",
                _ when c is < ' ' or '\x7f' || c > lastShown => '\\' + Convert.ToString(c, 8).PadLeft(3, '0'),
                _ => c.ToString(CultureInfo.InvariantCulture),
            });
        }

        return escaped.ToString();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace DevOps.Pipelines;

/// <summary>What writers of JSON make of a text, without the quotes around it. They differ in what they escape beyond the need and in the case of digits. Source: RFC 8259, section 7.</summary>
internal static class JsonForms
{
    internal static IEnumerable<string> Of(string text)
    {
        foreach (string digits in (string[])["x4", "X4"])
        {
            foreach (string form in (string[])
            [
                Escape(text, digits, _ => false),
                Escape(text, digits, c => c is '<' or '>' or '&' or '\u2028' or '\u2029'),
                Escape(text, digits, c => !char.IsAscii(c)),
                .. Library(text, digits),
            ])
            {
                yield return form;
                yield return form.Replace("/", "\\/", StringComparison.Ordinal);
            }
        }
    }

    private static string[] Library(string text, string digits)
    {
        string[] forms = [JavaScriptEncoder.Default.Encode(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)];
        return digits == "X4" ? forms : [.. forms.Select(LowerDigits)];
    }

    private static string LowerDigits(string json)
    {
        StringBuilder lower = new(json);
        for (int i = 0; i < json.Length - 1; i++)
        {
            if (json[i] != '\\')
            {
                continue;
            }

            i++;
            for (int j = i + 1; json[i] == 'u' && j <= i + 4; j++)
            {
                lower[j] = char.ToLowerInvariant(lower[j]);
            }
        }

        return lower.ToString();
    }

    private static string Escape(string text, string digits, Predicate<char> isEscaped)
    {
        StringBuilder escaped = new(text.Length * 2);
        foreach (char c in text)
        {
            escaped.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c < ' ' || isEscaped(c) => "\\u" + ((int)c).ToString(digits, CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}

using System.Net;
using System.Text.Encodings.Web;

namespace DevOps.Pipelines;

/// <summary>What writers of XML and HTML make of a text. They differ in whether and how they escape quotes, and in what they escape beyond the need.</summary>
internal static class MarkupForms
{
    private static readonly (string Double, string Single)[] Quotes =
        [("\"", "'"), ("&quot;", "'"), ("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&#34;", "&#39;"), ("\"", "&apos;"), ("\"", "&#39;")];

    internal static IEnumerable<string> Of(string text)
    {
        string escaped = text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
        foreach (string form in (string[])[escaped, escaped.Replace(">", "&gt;", StringComparison.Ordinal)])
        {
            foreach ((string @double, string single) in Quotes)
            {
                yield return form.Replace("\"", @double, StringComparison.Ordinal).Replace("'", single, StringComparison.Ordinal);
            }
        }

        yield return WebUtility.HtmlEncode(text);
        yield return HtmlEncoder.Default.Encode(text);
    }
}

using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>What encoders for URLs and forms make of some bytes. They differ in the characters that they leave as they are, in the case of digits and in the space.</summary>
internal static class UrlForms
{
    // In this order: RFC 3986's unreserved; .NET's UrlEncode; JavaScript's encodeURIComponent; HTML's form encoding; Python's quote; JavaScript's encodeURI.
    private static readonly string[] Kept = ["-_.~", "-_.!*()", "-_.!~*'()", "-_.*", "-_.~/", "-_.!~*'();/?:@&=+$,#"];

    internal static IEnumerable<string> Of(byte[] utf8) =>
        from kept in Kept
        from digits in (string[])["X2", "x2"]
        from space in (string[])["%20", "+"]
        select Encode(utf8, kept, digits, space);

    private static string Encode(byte[] utf8, string kept, string digits, string space)
    {
        StringBuilder encoded = new(utf8.Length * 2);
        foreach (byte value in utf8)
        {
            char c = (char)value;
            if (char.IsAsciiLetterOrDigit(c) || kept.Contains(c, StringComparison.Ordinal))
            {
                encoded.Append(c);
            }
            else if (c == ' ')
            {
                encoded.Append(space);
            }
            else
            {
                encoded.Append('%').Append(value.ToString(digits, CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }
}

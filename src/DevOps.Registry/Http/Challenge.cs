using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>One way in that a registry offers after a 401.</summary>
/// <remarks>Source: RFC 9110, section 11.6.1, and the grammar of section 11.3.</remarks>
internal sealed record Challenge(string Scheme, ImmutableDictionary<string, string> Parameters)
{
    private const string TokenPunctuation = "!#$%&'*+-.^_`|~";

    /// <summary>Reads all challenges of one header; several may stand in it. What is malformed ends the reading, what came before stays.</summary>
    internal static ImmutableArray<Challenge> Parse(string header)
    {
        ImmutableArray<Challenge>.Builder challenges = ImmutableArray.CreateBuilder<Challenge>();
        int at = 0;
        while (true)
        {
            SkipSeparators(header, ref at);
            string scheme = ReadToken(header, ref at);
            if (scheme.Length == 0)
            {
                return challenges.ToImmutable();
            }

            challenges.Add(new(scheme, ReadParameters(header, ref at)));
        }
    }

    private static ImmutableDictionary<string, string> ReadParameters(string header, ref int at)
    {
        ImmutableDictionary<string, string>.Builder parameters = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            int start = at;
            SkipSeparators(header, ref at);
            string name = ReadToken(header, ref at);
            SkipSpaces(header, ref at);
            if (name.Length == 0 || at >= header.Length || header[at] != '=')
            {
                // No '=' after the word: it is the scheme of the next challenge.
                at = start;
                return parameters.ToImmutable();
            }

            at++;
            SkipSpaces(header, ref at);
            parameters[name] = at < header.Length && header[at] == '"' ? ReadQuoted(header, ref at) : ReadToken(header, ref at, "/:=");
        }
    }

    private static string ReadQuoted(string header, ref int at)
    {
        System.Text.StringBuilder value = new();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            if (header[at] == '\\' && at + 1 < header.Length)
            {
                at++;
            }

            value.Append(header[at]);
        }

        at = Math.Min(at + 1, header.Length);
        return value.ToString();
    }

    private static string ReadToken(string header, ref int at, string also = "")
    {
        int start = at;
        while (at < header.Length && (char.IsAsciiLetterOrDigit(header[at]) || TokenPunctuation.Contains(header[at], StringComparison.Ordinal) || also.Contains(header[at], StringComparison.Ordinal)))
        {
            at++;
        }

        return header[start..at];
    }

    private static void SkipSpaces(string header, ref int at)
    {
        while (at < header.Length && header[at] is (' ' or '\t'))
        {
            at++;
        }
    }

    private static void SkipSeparators(string header, ref int at)
    {
        while (at < header.Length && header[at] is (' ' or '\t' or ','))
        {
            at++;
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace DevOps.Registry;

/// <summary>A rule for names of repositories or tags.</summary>
public sealed class NamePattern
{
    private const int MaxLength = 1000;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly Func<string, bool> _matches;

    private NamePattern(string kind, string text, Func<string, bool> matches) => (Kind, Text, _matches) = (kind, text, matches);

    /// <summary>Gets the pattern's text.</summary>
    public string Text { get; }

    private string Kind { get; }

    /// <summary>Creates a pattern in which <c>*</c> stands for any characters but <c>/</c>, <c>**</c> for any characters and <c>?</c> for one that is not <c>/</c>.</summary>
    /// <param name="text">The pattern, for the whole name.</param>
    /// <exception cref="FormatException">The text has characters that no name has.</exception>
    public static NamePattern Glob(string text)
    {
        CheckLength(text);
        StringBuilder pattern = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('_' or '-' or '.' or '/' or '*' or '?'))
            {
                throw new FormatException($"'{text}' can match no name: '{text[i]}' is neither '*' nor '?' nor a character of names. Use a regular expression for more.");
            }

            bool isDeep = text[i] == '*' && i + 1 < text.Length && text[i + 1] == '*';
            pattern.Append(isDeep ? ".*" : text[i] == '*' ? "[^/]*" : text[i] == '?' ? "[^/]" : Regex.Escape(text[i].ToString()));
            i += isDeep ? 1 : 0;
        }

        return new("glob", text, Whole(pattern.ToString()));
    }

    /// <summary>Creates a pattern from a regular expression of .NET, without lookaround and backreferences: its time grows with the name's length only.</summary>
    /// <param name="text">The expression, for the whole name.</param>
    /// <exception cref="FormatException">The text is no such expression.</exception>
    public static NamePattern RegularExpression(string text)
    {
        CheckLength(text);
        try
        {
            // By itself first: what closes a group in it must not close the one around it.
            _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
            return new("regex", text, Whole(text));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{text}' is no regular expression that can be used here: {e.Message.TrimEnd('.')}. Lookaround and backreferences are not supported.", e);
        }
    }

    /// <summary>Creates a pattern from a range of versions: <c>&gt;=1.2.0 &lt;2.0.0</c>, <c>^1.2</c>, <c>~1.4.0</c>, <c>1.x</c>, <c>1.2 - 1.4</c>, with <c>||</c> between alternatives.</summary>
    /// <param name="text">The range.</param>
    /// <exception cref="FormatException">The text is no range.</exception>
    /// <remarks>
    /// Tags of three numbers with or without a <c>v</c> before them can match, and others cannot: <c>1.4</c> is a tag that moves, not a version. A prerelease matches only where its alternative names
    /// a prerelease of the same three numbers. Source: semver.org 2.0.0, section 11, for the order; npm's ranges for the notation.
    /// </remarks>
    public static NamePattern Versions(string text)
    {
        CheckLength(text);
        VersionRange range = VersionRange.Parse(text);
        return new("semver", text, name => TagVersion.TryParse(name) is { } version && range.Contains(version));
    }

    /// <summary>Returns whether a name matches.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="RegexMatchTimeoutException">A regular expression took more than a second.</exception>
    public bool IsMatch(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _matches(name);
    }

    /// <summary>Returns the kind of the pattern and its text.</summary>
    public override string ToString() => $"{Kind} {Text}";

    private static Func<string, bool> Whole(string pattern)
    {
        Regex regex = new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
        return regex.IsMatch;
    }

    private static void CheckLength(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > MaxLength)
        {
            throw new FormatException(text.Length == 0 ? "The pattern is empty." : $"The pattern is longer than {MaxLength} characters.");
        }
    }
}

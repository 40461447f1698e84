using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DevOps.Oci;

/// <summary>The name of a repository in a registry, as <c>team/api</c>.</summary>
/// <remarks>
/// Components of lower-case letters and digits, separated inside by one dot, one or two underscores or any number of dashes, and joined by slashes; 255 characters at most.
/// No component can be <c>..</c>, so a name is safe as a relative path. Source: OCI distribution-spec 1.1, "Pulling manifests".
/// </remarks>
public sealed record RepositoryName
{
    private static readonly SearchValues<char> WordCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private RepositoryName(string value) => Value = value;

    /// <summary>Gets the name.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The text, as <c>team/api</c>.</param>
    /// <exception cref="FormatException">The text is not a name; the message says why.</exception>
    public static RepositoryName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out RepositoryName? name) is { } reason ? throw new FormatException(reason) : name!;
    }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RepositoryName? name)
    {
        name = null;
        return text is not null && Read(text, out name) is null && name is not null;
    }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Value;

    internal static string? Read(string text, out RepositoryName? name)
    {
        name = null;
        if (text.Length is 0 or > 255)
        {
            return text.Length == 0 ? "The repository name is empty." : $"The repository name '{text[..40]}…' has {text.Length} characters; 255 are allowed.";
        }

        if (text.Any(char.IsAsciiLetterUpper))
        {
            return $"The repository name '{text}' has upper-case letters; write it in lower case: '{text.ToLowerInvariant()}'.";
        }

        foreach (string component in text.Split('/'))
        {
            if (!IsComponent(component))
            {
                return $"The repository name '{text}' is malformed at '{component}': between slashes come lower-case letters and digits, separated by one '.', one or two '_', or '-'.";
            }
        }

        name = new(text);
        return null;
    }

    private static bool IsComponent(ReadOnlySpan<char> text)
    {
        while (true)
        {
            int word = text.IndexOfAnyExcept(WordCharacters);
            if (word < 0)
            {
                return text.Length > 0;
            }

            int separator = text[word..].IndexOfAnyExcept("._-");
            if (word == 0 || separator <= 0 || !IsSeparator(text.Slice(word, separator)))
            {
                return false;
            }

            text = text[(word + separator)..];
        }
    }

    private static bool IsSeparator(ReadOnlySpan<char> text) => text is "." or "_" or "__" || !text.ContainsAnyExcept('-');
}

using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Reads versions.</summary>
/// <remarks>Source: semver.org, version 2.0.0, "Backus–Naur Form Grammar for Valid SemVer Versions".</remarks>
internal static class SemanticVersionText
{
    private const int MaxLength = 1024;

    private static readonly SearchValues<char> IdentifierCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    internal static bool IsIdentifier(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(IdentifierCharacters);

    internal static bool IsNumeric(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    internal static bool IsPrereleaseIdentifier(string text) => IsIdentifier(text) && (!IsNumeric(text) || text is "0" || text[0] != '0');

    internal static SemanticVersion? Read(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        (string rest, string? metadata) = Cut(text, '+');
        (string core, string? prerelease) = Cut(rest, '-');
        string[] numbers = core.Split('.');
        ImmutableArray<string> prereleases = prerelease is null ? [] : [.. prerelease.Split('.')];
        ImmutableArray<string> metadatas = metadata is null ? [] : [.. metadata.Split('.')];
        return numbers.Length == 3
            && TryNumber(numbers[0], out long major) && TryNumber(numbers[1], out long minor) && TryNumber(numbers[2], out long patch)
            && prereleases.All(IsPrereleaseIdentifier) && metadatas.All(IsIdentifier)
            ? new(major, minor, patch) { Prerelease = prereleases, Metadata = metadatas }
            : null;
    }

    private static bool TryNumber(string text, out long number)
    {
        number = 0;
        return IsNumeric(text) && (text is "0" || text[0] != '0') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static (string Before, string? After) Cut(string text, char at)
    {
        int index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}

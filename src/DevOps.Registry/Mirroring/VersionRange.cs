using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>Alternatives of bounds for versions.</summary>
internal sealed class VersionRange
{
    private readonly ImmutableArray<ImmutableArray<Bound>> _alternatives;

    private VersionRange(ImmutableArray<ImmutableArray<Bound>> alternatives) => _alternatives = alternatives;

    internal static VersionRange Parse(string text)
    {
        return new([.. text.Split("||").Select(ParseAlternative)]);

        ImmutableArray<Bound> ParseAlternative(string alternative)
        {
            string[] words = alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length == 0 ? throw Wrong(alternative) : [.. words.SelectMany(word => ParseWord(word) ?? throw Wrong(word))];
        }

        FormatException Wrong(string part) => new(
            $"'{text}' is no range of versions: '{part.Trim()}' cannot be read. Write bounds as '>=1.2.0 <2.0.0', '^1.2', '~1.4.0' or '1.x', with '||' between alternatives and no space behind a sign.");
    }

    internal bool Contains(TagVersion version) => _alternatives.Any(bounds =>
        bounds.All(bound => bound.Accepts(version))
        && (!version.IsPrerelease || bounds.Any(bound => bound.IsNamed && bound.Version.IsPrerelease
            && (bound.Version.Major, bound.Version.Minor, bound.Version.Patch) == (version.Major, version.Minor, version.Patch))));

    private static Bound[]? ParseWord(string word)
    {
        string sign = word[..^word.TrimStart('<', '>', '=', '^', '~').Length];
        string rest = word[sign.Length..];
        if (Partial(rest) is not { } partial)
        {
            return null;
        }

        (TagVersion low, int parts) = partial;

        // The first version that is beyond all those which begin with the stated parts.
        TagVersion? beyond = parts switch
        {
            0 => null,
            1 => new(low.Major + 1, 0, 0, ""),
            2 => new(low.Major, low.Minor + 1, 0, ""),
            _ => null,
        };
        return sign switch
        {
            "" or "=" when parts == 3 => [new("=", low, true)],
            "" or "=" => Between(low, beyond),
            ">=" => [new(">=", low, true)],
            "<" when parts > 0 => [new("<", low, true)],
            ">" when parts > 0 => [beyond is null ? new(">", low, true) : new(">=", beyond, true)],
            "<=" when parts > 0 => [beyond is null ? new("<=", low, true) : new("<", beyond, true)],
            "~" => Between(low, parts == 0 ? null : parts == 1 ? new(low.Major + 1, 0, 0, "") : new(low.Major, low.Minor + 1, 0, "")),
            "^" => Between(low, parts == 0 ? null
                : low.Major > 0 || parts == 1 ? new(low.Major + 1, 0, 0, "")
                : low.Minor > 0 || parts == 2 ? new(0, low.Minor + 1, 0, "")
                : new(0, 0, low.Patch + 1, "")),
            _ => null,
        };
    }

    private static Bound[] Between(TagVersion low, TagVersion? beyond) => beyond is null ? [new(">=", low, true)] : [new(">=", low, true), new("<", beyond, false)];

    private static (TagVersion Low, int Parts)? Partial(string text)
    {
        if (TagVersion.TryParse(text) is { } whole)
        {
            return (whole, 3);
        }

        string[] parts = (text.StartsWith('v') ? text[1..] : text).Split('.');
        if (parts.Length > 3)
        {
            return null;
        }

        List<long> numbers = [.. parts.TakeWhile(part => !IsWildcard(part)).Select(part => TagVersion.TryNumber(part) ?? -1)];
        return numbers.Contains(-1) || numbers.Count == 3 || !parts.Skip(numbers.Count).All(IsWildcard)
            ? null
            : (new(numbers.ElementAtOrDefault(0), numbers.ElementAtOrDefault(1), 0, ""), numbers.Count);
    }

    private static bool IsWildcard(string part) => part is "x" or "X" or "*";

    private sealed record Bound(string Sign, TagVersion Version, bool IsNamed)
    {
        internal bool Accepts(TagVersion version)
        {
            int order = version.CompareTo(Version);
            return Sign switch
            {
                "=" => order == 0,
                ">=" => order >= 0,
                ">" => order > 0,
                "<=" => order <= 0,
                _ => order < 0,
            };
        }
    }
}

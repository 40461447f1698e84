using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>Alternatives of bounds for versions.</summary>
/// <remarks>Source: the notation of npm's ranges. A version is left out where its alternative ends before it: <c>^1.2</c> is <c>&gt;=1.2.0 &lt;2.0.0-0</c>, whose bound is below every prerelease of 2.0.0.</remarks>
internal sealed class VersionRange
{
    private const string Lowest = "0";
    private const string Signs = "<>=^~";

    private readonly ImmutableArray<ImmutableArray<Bound>> _alternatives;

    private VersionRange(ImmutableArray<ImmutableArray<Bound>> alternatives) => _alternatives = alternatives;

    internal static VersionRange Parse(string text)
    {
        return new([.. text.Split("||").Select(ParseAlternative)]);

        ImmutableArray<Bound> ParseAlternative(string alternative)
        {
            string[] words = [.. Words(alternative)];
            return words switch
            {
                [] => throw Wrong(alternative),
                [var low, "-", var high] => ParseSpan(low, high) ?? throw Wrong(alternative),
                _ => [.. words.SelectMany(word => ParseWord(word) ?? throw Wrong(word))],
            };
        }

        FormatException Wrong(string part) => new(
            $"'{text}' is no range of versions: '{part.Trim()}' cannot be read. Write bounds as '>=1.2.0 <2.0.0', '1.2.0 - 1.4.0', '^1.2', '~1.4.0' or '1.x', with '||' between alternatives.");
    }

    internal bool Contains(TagVersion version) => _alternatives.Any(bounds =>
        bounds.All(bound => bound.Accepts(version))
        && (!version.IsPrerelease || bounds.Any(bound => bound.Version.IsPrerelease
            && (bound.Version.Major, bound.Version.Minor, bound.Version.Patch) == (version.Major, version.Minor, version.Patch))));

    // A sign belongs to what comes behind it, with spaces between or without.
    private static IEnumerable<string> Words(string alternative)
    {
        string sign = "";
        foreach (string word in alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (sign.Length == 0 && word.All(c => Signs.Contains(c, StringComparison.Ordinal)))
            {
                sign = word;
                continue;
            }

            yield return sign + word;
            sign = "";
        }

        if (sign.Length > 0)
        {
            yield return sign;
        }
    }

    private static ImmutableArray<Bound>? ParseSpan(string low, string high) =>
        Partial(low) is { } from && Partial(high) is { } to
            ? [new(">=", from.Low), .. to.Parts == 0 ? [] : (Bound[])[to.Parts == 3 ? new("<=", to.Low) : new("<", Before(Beyond(to)))]]
            : null;

    private static Bound[]? ParseWord(string word)
    {
        string sign = word[..^word.TrimStart(Signs.ToCharArray()).Length];
        if (Partial(word[sign.Length..]) is not { } partial)
        {
            return null;
        }

        (TagVersion low, int parts) = partial;
        return sign switch
        {
            "" or "=" when parts == 3 => [new("=", low)],
            "" or "=" => Between(low, parts == 0 ? null : Beyond(partial)),
            ">=" => [new(">=", low)],
            "<" when parts > 0 => [new("<", parts == 3 ? low : Before(low))],
            ">" when parts > 0 => [parts == 3 ? new(">", low) : new(">=", Beyond(partial))],
            "<=" when parts == 0 => [new(">=", low)],
            "<=" => [parts == 3 ? new("<=", low) : new("<", Before(Beyond(partial)))],
            "~" or "~>" => Between(low, parts == 0 ? null : Beyond((low, Math.Min(parts, 2)))),
            "^" => Between(low, parts == 0 ? null
                : low.Major > 0 || parts == 1 ? Beyond((low, 1))
                : low.Minor > 0 || parts == 2 ? Beyond((low, 2))
                : Beyond((low, 3))),
            _ => null,
        };
    }

    private static Bound[] Between(TagVersion low, TagVersion? beyond) => beyond is null ? [new(">=", low)] : [new(">=", low), new("<", Before(beyond))];

    // The first version, prereleases aside, that is beyond all those which begin with the stated parts.
    private static TagVersion Beyond((TagVersion Low, int Parts) partial) => partial.Parts switch
    {
        1 => new(partial.Low.Major + 1, 0, 0, ""),
        2 => new(partial.Low.Major, partial.Low.Minor + 1, 0, ""),
        _ => new(partial.Low.Major, partial.Low.Minor, partial.Low.Patch + 1, ""),
    };

    private static TagVersion Before(TagVersion version) => version with { Prerelease = Lowest };

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

    private sealed record Bound(string Sign, TagVersion Version)
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

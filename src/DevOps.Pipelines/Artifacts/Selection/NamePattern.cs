namespace DevOps.Pipelines;

/// <summary>Compares one name of a path with a pattern of <c>*</c>, <c>?</c> and <c>[a-z]</c>.</summary>
internal static class NamePattern
{
    /// <summary>Returns why a pattern means nothing, as the end of a sentence; <see langword="null"/> if it means something.</summary>
    internal static string? FindMistake(ReadOnlySpan<char> pattern)
    {
        for (int at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '[')
            {
                continue;
            }

            int end = EndOfClass(pattern, at);
            if (end < 0)
            {
                return "a '[' has no ']'; write '[[]' for the character itself";
            }

            for (int i = at + 1; i < end; i++)
            {
                if (i + 2 < end && pattern[i + 1] == '-' && pattern[i] > pattern[i + 2])
                {
                    return $"the range '{pattern[i..(i + 3)]}' runs backwards";
                }
            }

            at = end;
        }

        return null;
    }

    /// <summary>Compares character by character. Where that fails, the last <c>*</c> takes one character more: earlier ones need not, as it could take those too.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        (int at, int of) = (0, 0);
        (int retryAt, int retryOf) = (-1, -1);
        while (at < name.Length)
        {
            int width = Width(name, at);
            if (of < pattern.Length && pattern[of] == '*')
            {
                (retryAt, retryOf) = (at, ++of);
            }
            else if (of < pattern.Length && Step(pattern, of, name.Slice(at, width)) is var next and > 0)
            {
                (at, of) = (at + width, next);
            }
            else if (retryOf >= 0)
            {
                retryAt += Width(name, retryAt);
                (at, of) = (retryAt, retryOf);
            }
            else
            {
                return false;
            }
        }

        return pattern[of..].IndexOfAnyExcept('*') < 0;
    }

    /// <summary>Returns where the pattern goes on behind what takes this character; 0 if it takes another.</summary>
    private static int Step(ReadOnlySpan<char> pattern, int of, ReadOnlySpan<char> character)
    {
        switch (pattern[of])
        {
            case '?':
                return of + 1;
            case '[':
                int end = EndOfClass(pattern, of);
                return IsInClass(pattern[(of + 1)..end], character) ? end + 1 : 0;
            default:
                return pattern[of..].StartsWith(character) ? of + character.Length : 0;
        }
    }

    private static bool IsInClass(ReadOnlySpan<char> set, ReadOnlySpan<char> character)
    {
        bool isInverted = set[0] is '!' or '^';
        set = isInverted ? set[1..] : set;
        bool isIn = false;
        for (int i = 0; i < set.Length && character.Length == 1; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                isIn |= character[0] >= set[i] && character[0] <= set[i + 2];
                i += 2;
            }
            else
            {
                isIn |= set[i] == character[0];
            }
        }

        return isIn != isInverted;
    }

    // A ']' right at the start is a character of the set.
    private static int EndOfClass(ReadOnlySpan<char> pattern, int start)
    {
        int first = start + 1;
        if (first < pattern.Length && pattern[first] is '!' or '^')
        {
            first++;
        }

        int end = first + 1 < pattern.Length ? pattern[(first + 1)..].IndexOf(']') : -1;
        return end < 0 ? -1 : first + 1 + end;
    }

    // A character outside of the basic plane is two.
    private static int Width(ReadOnlySpan<char> name, int at) => at + 1 < name.Length && char.IsSurrogatePair(name[at], name[at + 1]) ? 2 : 1;
}

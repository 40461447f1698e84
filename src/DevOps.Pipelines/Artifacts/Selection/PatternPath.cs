namespace DevOps.Pipelines;

/// <summary>One pattern without braces, taken apart at its slashes. Where a walk is in it is a set of places, so that directories that lead nowhere are not entered.</summary>
internal sealed class PatternPath
{
    /// <summary>The place of a directory that was matched itself: it is taken with all that is below.</summary>
    internal const ulong Everything = ulong.MaxValue;

    private const string AnyNames = "**";
    private const int MaxNames = 60;

    private readonly string[] _names;
    private readonly bool _isDirectory;

    private PatternPath(string[] names, bool isDirectory) => (_names, _isDirectory) = (names, isDirectory);

    /// <summary>Gets the place at the root.</summary>
    internal ulong Start => _names.Length == 0 ? Everything : Closed(1);

    /// <summary>Takes a pattern apart.</summary>
    /// <exception cref="FormatException">It means nothing here; the message is the end of a sentence.</exception>
    internal static PatternPath Parse(string pattern)
    {
        bool isDirectory = pattern.EndsWith('/');
        string trimmed = isDirectory ? pattern[..^1] : pattern;
        while (trimmed.StartsWith("./", StringComparison.Ordinal))
        {
            trimmed = trimmed[2..];
        }

        if (trimmed == ".")
        {
            return new([], true);
        }

        string[] names = trimmed.Split('/');
        foreach (string name in names)
        {
            if (FindMistake(pattern, name) is { } mistake)
            {
                throw new FormatException(mistake);
            }
        }

        if (names.Length > MaxNames)
        {
            throw new FormatException($"it has more than {MaxNames} names");
        }

        return new(names[^1] == AnyNames ? [.. names, "*"] : names, isDirectory);
    }

    /// <summary>Goes into a directory.</summary>
    internal ulong Enter(ulong place, ReadOnlySpan<char> name)
    {
        if (place is 0 or Everything)
        {
            return place;
        }

        ulong next = Next(place, name);
        return IsEnd(next) ? Everything : next;
    }

    /// <summary>Returns whether a file in a directory is matched.</summary>
    internal bool MatchesFile(ulong place, ReadOnlySpan<char> name) => place == Everything || (place != 0 && !_isDirectory && IsEnd(Next(place, name)));

    private static string? FindMistake(string pattern, string name) => name switch
    {
        "" when pattern.StartsWith('/') => "it is absolute; write it from the root of the files, without a slash in front",
        "" => "a name in it is empty",
        "." or ".." => $"it has the name '{name}', and must not leave the root of the files",
        _ when name.Contains('\0', StringComparison.Ordinal) => "it has a NUL in it",
        _ when name.Contains('\\', StringComparison.Ordinal) => "it has a backslash; write '/' between names",
        _ when name.Length == 2 && name[1] == ':' && char.IsAsciiLetter(name[0]) && pattern.StartsWith(name, StringComparison.Ordinal) => "it is absolute; write it from the root of the files",
        _ => NamePattern.FindMistake(name),
    };

    private ulong Next(ulong place, ReadOnlySpan<char> name)
    {
        ulong next = 0;
        for (int i = 0; i < _names.Length; i++)
        {
            if ((place & (1UL << i)) == 0)
            {
                continue;
            }

            if (_names[i] == AnyNames)
            {
                next |= 1UL << i;
            }
            else if (NamePattern.Matches(_names[i], name))
            {
                next |= 1UL << (i + 1);
            }
        }

        return Closed(next);
    }

    // "**" also stands for no directory at all.
    private ulong Closed(ulong place)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if ((place & (1UL << i)) != 0 && _names[i] == AnyNames)
            {
                place |= 1UL << (i + 1);
            }
        }

        return place;
    }

    private bool IsEnd(ulong place) => (place & (1UL << _names.Length)) != 0;
}

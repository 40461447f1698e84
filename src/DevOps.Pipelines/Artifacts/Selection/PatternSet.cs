using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Several patterns that are followed through directories at once.</summary>
internal sealed class PatternSet
{
    private readonly List<(PatternPath Path, int Pattern)> _paths = [];

    internal PatternSet(ImmutableArray<string> patterns)
    {
        for (int i = 0; i < patterns.Length; i++)
        {
            foreach (PatternPath path in Parse(patterns[i]))
            {
                _paths.Add((path, i));
            }
        }
    }

    /// <summary>Returns the places at the root.</summary>
    internal ulong[] Start() => [.. _paths.Select(path => path.Path.Start)];

    /// <summary>Goes into a directory.</summary>
    internal ulong[] Enter(ulong[] places, ReadOnlySpan<char> name)
    {
        ulong[] next = new ulong[places.Length];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = _paths[i].Path.Enter(places[i], name);
        }

        return next;
    }

    /// <summary>Returns whether a file in a directory is matched.</summary>
    /// <param name="places">The directory's places.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="matched">Where each pattern that matches is noted; <see langword="null"/> if one is enough.</param>
    internal bool MatchesFile(ulong[] places, ReadOnlySpan<char> name, bool[]? matched = null)
    {
        bool any = false;
        for (int i = 0; i < places.Length; i++)
        {
            if (_paths[i].Path.MatchesFile(places[i], name))
            {
                any = true;
                if (matched is null)
                {
                    break;
                }

                matched[_paths[i].Pattern] = true;
            }
        }

        return any;
    }

    /// <summary>Returns whether a directory was matched itself.</summary>
    internal static bool TakesEverything(ulong[] places) => places.AsSpan().Contains(PatternPath.Everything);

    /// <summary>Returns whether something below a directory can be matched.</summary>
    internal static bool LeadsOn(ulong[] places) => places.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>Takes a pattern apart.</summary>
    /// <exception cref="ArgumentException">It means nothing.</exception>
    internal static IEnumerable<PatternPath> Parse(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        try
        {
            return pattern.StartsWith('!')
                ? throw new FormatException("it starts with '!'; name what is left out with Except, or write '[!]' for the character itself")
                : [.. Alternatives.Expand(pattern).Select(PatternPath.Parse)];
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"'{pattern}' is not a pattern of files: {e.Message}.", nameof(pattern), e);
        }
    }
}

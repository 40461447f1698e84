using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Chooses files below a root by their paths. Immutable.</summary>
/// <remarks>
/// A pattern is a path from the root with <c>/</c> between names, on every system. Letters are compared exactly, on every system. In a name, <c>*</c> stands for any characters, a leading dot included,
/// <c>?</c> for one, <c>[a-z]</c> for one of a set and <c>[!a-z]</c> for one that is not in it; <c>**</c> as a whole name stands for any number of directories, none included; <c>{a,b}</c> stands for each of its
/// choices, which may have slashes. A character in brackets stands for itself: <c>[*]</c>. <c>.</c> is the root.
/// A pattern that matches a directory takes all that is below, so <c>out</c>, <c>out/</c> and <c>out/**</c> take the same files; <c>out/</c> matches no file of that name. The same holds for what is left out, which wins over
/// what is taken (GitLab's <c>exclude</c> does not reach into directories: there, write <c>out/**</c>). A symbolic link is matched as a file is, and never walked through.
/// </remarks>
public sealed class FilePatterns
{
    private FilePatterns(ImmutableArray<string> included, ImmutableArray<string> excluded)
    {
        (Included, Excluded) = (included, excluded);
        (IncludedSet, ExcludedSet) = (new(included), new(excluded));
    }

    /// <summary>Gets the patterns of what is taken, in the order in which they were given.</summary>
    public ImmutableArray<string> Included { get; }

    /// <summary>Gets the patterns of what is left out.</summary>
    public ImmutableArray<string> Excluded { get; }

    internal PatternSet IncludedSet { get; }

    internal PatternSet ExcludedSet { get; }

    /// <summary>Takes what one of these patterns matches.</summary>
    /// <param name="patterns">One or more patterns.</param>
    /// <exception cref="ArgumentException">There is no pattern, or one means nothing: it is absolute, has a <c>..</c>, a backslash, or braces or brackets that do not fit.</exception>
    public static FilePatterns Of(params IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ImmutableArray<string> included = [.. patterns];
        return included.IsEmpty ? throw new ArgumentException("Name at least one pattern of files, as 'out/**'.", nameof(patterns)) : new(included, []);
    }

    /// <summary>Returns patterns that leave out what one of these matches, too.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <exception cref="ArgumentException">A pattern means nothing.</exception>
    public FilePatterns Except(params IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return new(Included, Excluded.AddRange(patterns));
    }

    /// <summary>Returns whether a file with this path is chosen.</summary>
    /// <param name="path">The path from the root, with <c>/</c> between names.</param>
    public bool Matches(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        (ulong[] included, ulong[] excluded) = (IncludedSet.Start(), ExcludedSet.Start());
        string[] names = path.Split('/');
        foreach (string name in names[..^1])
        {
            (included, excluded) = (IncludedSet.Enter(included, name), ExcludedSet.Enter(excluded, name));
        }

        return IncludedSet.MatchesFile(included, names[^1]) && !ExcludedSet.MatchesFile(excluded, names[^1]);
    }

    /// <summary>Returns the patterns, those of what is left out behind <c>!</c>.</summary>
    public override string ToString() => string.Join(", ", Included.Concat(Excluded.Select(pattern => "!" + pattern)));
}

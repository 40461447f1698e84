using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>Chooses names of repositories or tags: those that an inclusion matches, or all if there is none, without those that an exclusion matches.</summary>
public sealed class NameFilter
{
    private readonly ImmutableArray<NamePattern> _included;
    private readonly ImmutableArray<NamePattern> _excluded;

    private NameFilter(ImmutableArray<NamePattern> included, ImmutableArray<NamePattern> excluded) => (_included, _excluded) = (included, excluded);

    /// <summary>Gets the filter that chooses every name.</summary>
    public static NameFilter Any { get; } = new([], []);

    /// <summary>Returns a filter that chooses names of these patterns too.</summary>
    /// <param name="patterns">The patterns.</param>
    public NameFilter Including(params IEnumerable<NamePattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return new([.. _included, .. patterns], _excluded);
    }

    /// <summary>Returns a filter that leaves names of these patterns out.</summary>
    /// <param name="patterns">The patterns.</param>
    public NameFilter Excluding(params IEnumerable<NamePattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return new(_included, [.. _excluded, .. patterns]);
    }

    /// <summary>Returns whether a name is chosen.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">A regular expression took more than a second.</exception>
    public bool Accepts(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (_included.IsEmpty || _included.Any(pattern => pattern.IsMatch(name))) && !_excluded.Any(pattern => pattern.IsMatch(name));
    }

    /// <summary>Returns the patterns, the same text for the same filter.</summary>
    public override string ToString() => $"{(_included.IsEmpty ? "all" : string.Join(" or ", _included))}{(_excluded.IsEmpty ? "" : " without ")}{string.Join(" or ", _excluded)}";
}

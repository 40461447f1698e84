namespace DevOps.Pipelines;

/// <summary>Orders versions by what is newer.</summary>
/// <remarks>Source: semver.org, version 2.0.0, section 11.</remarks>
internal sealed class SemanticVersionPrecedence : IComparer<SemanticVersion>
{
    public int Compare(SemanticVersion? x, SemanticVersion? y)
    {
        if (x is null || y is null)
        {
            return (x is not null).CompareTo(y is not null);
        }

        int core = (x.Major, x.Minor, x.Patch).CompareTo((y.Major, y.Minor, y.Patch));
        if (core != 0)
        {
            return core;
        }

        // A release comes after its prereleases.
        if (x.Prerelease.IsEmpty || y.Prerelease.IsEmpty)
        {
            return x.Prerelease.IsEmpty.CompareTo(y.Prerelease.IsEmpty);
        }

        foreach ((string first, string second) in x.Prerelease.Zip(y.Prerelease))
        {
            int order = CompareIdentifiers(first, second);
            if (order != 0)
            {
                return order;
            }
        }

        return x.Prerelease.Length.CompareTo(y.Prerelease.Length);
    }

    private static int CompareIdentifiers(string first, string second) => (SemanticVersionText.IsNumeric(first), SemanticVersionText.IsNumeric(second)) switch
    {
        // Without leading zeros, the longer number is the larger one.
        (true, true) => first.Length != second.Length ? first.Length.CompareTo(second.Length) : string.CompareOrdinal(first, second),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(first, second),
    };
}

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls how a version is derived from tags. The defaults give what MinVer does, but for the prefix.</summary>
/// <remarks>
/// <para>A version tag is a tag, annotated or not, whose name is <see cref="TagPrefix"/> and then a version of Semantic Versioning 2.0.0; other tags do not count. Of several on one commit the highest counts.</para>
/// <para>The nearest tags decide: those reachable from the commit, through all parents of merges, that are not behind another such tag. Of these the highest counts, so that a merged release counts
/// whichever side of the merge it is on. The height is the number of commits that are reachable from the commit and not from the tag's, as <c>git describe</c> counts: every further commit, a merge too, has a larger one, so that no two commits in a row get the same version.</para>
/// <para>On the tag's commit the version is the tag's. After a release, <see cref="Increment"/> is raised and the prerelease is <see cref="DefaultPrerelease"/> and the height: <c>1.2.4-alpha.0.3</c> three commits after <c>1.2.3</c>. After
/// a prerelease it is that one and the height: <c>1.3.0-rc.1.3</c> three commits after <c>1.3.0-rc.1</c>. Build metadata of the tag counts on its own commit only.</para>
/// <para>Without a version tag, the first commit counts as if it were tagged <c>0.0.0-alpha.0</c>, with the default prerelease. A version below <see cref="MinimumMajor"/> and <see cref="MinimumMinor"/> becomes that one with patch 0, the default prerelease and the height.</para>
/// <para>In a shallow clone, tags and commits are missing: it is an error, unless the commit itself has a version tag.</para>
/// </remarks>
public sealed record GitVersionOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static GitVersionOptions Default { get; } = new();

    /// <summary>Gets what the names of version tags begin with; its case counts.</summary>
    /// <value><c>v</c> by default. It may be empty, or longer for one of several products, as <c>server/v</c>.</value>
    public string TagPrefix { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = "v";

    /// <summary>Gets the identifiers of the prerelease after a release.</summary>
    /// <value><c>alpha</c>, <c>0</c> by default.</value>
    /// <exception cref="ArgumentException">There is none, or one is not valid.</exception>
    public ImmutableArray<string> DefaultPrerelease
    {
        get;
        init => field = value.IsDefaultOrEmpty
            ? throw new ArgumentException("Some identifier is needed, or what comes after a release would look like a release.", nameof(value))
            : new SemanticVersion(0, 0, 0) { Prerelease = value }.Prerelease;
    } = ["alpha", "0"];

    /// <summary>Gets the number that is raised after a release; those after it become 0.</summary>
    /// <value><see cref="VersionPart.Patch"/> by default.</value>
    public VersionPart Increment { get; init; }

    /// <summary>Gets the least major number.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MinimumMajor { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Gets the least minor number together with <see cref="MinimumMajor"/>.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MinimumMinor { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Gets what is added as build metadata.</summary>
    /// <value>Nothing by default.</value>
    public GitVersionMetadata Metadata { get; init; }
}

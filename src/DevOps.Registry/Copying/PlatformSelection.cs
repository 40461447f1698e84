using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Says which images of an index are copied. What a selection makes of the digest is in the name of the method that makes it.</summary>
public sealed record PlatformSelection
{
    private PlatformSelection(ImmutableArray<Platform> platforms, AttestationManifests attestations, bool isSingle) => (Platforms, Attestations, IsSingle) = (platforms, attestations, isSingle);

    /// <summary>Gets the selection of everything: the index is copied as it is, and keeps its digest.</summary>
    public static PlatformSelection All { get; } = new([], AttestationManifests.Keep, false);

    /// <summary>Gets the platforms that are asked for. Empty for all.</summary>
    public ImmutableArray<Platform> Platforms { get; }

    /// <summary>Gets what becomes of attestations.</summary>
    public AttestationManifests Attestations { get; }

    internal bool IsSingle { get; }

    internal bool IsAll => Platforms.IsEmpty;

    internal string PlatformsText => string.Join(", ", Platforms.Select(TextOf));

    /// <summary>Selects one image of an index: its manifest is copied with its own digest, and the index is not.</summary>
    /// <param name="platform">The platform; a variant that is left out accepts any, and first the image that has none.</param>
    public static PlatformSelection Image(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return new([platform], AttestationManifests.LeaveOut, true);
    }

    /// <summary>Selects some images of an index, and writes a new index of them. It has a new digest, so signatures of the old one do not hold for it. If nothing is left out, the index stays as it is.</summary>
    /// <param name="attestations">What becomes of attestations.</param>
    /// <param name="platforms">The platforms; operating system and architecture must agree, and so must the variant and the version of the operating system where they are stated.</param>
    /// <exception cref="ArgumentException">No platform is given.</exception>
    public static PlatformSelection NewIndex(AttestationManifests attestations, params IEnumerable<Platform> platforms)
    {
        ArgumentNullException.ThrowIfNull(platforms);
        ImmutableArray<Platform> asked = [.. platforms];
        return asked.IsEmpty ? throw new ArgumentException("Name at least one platform; PlatformSelection.All takes them all.", nameof(platforms)) : new(asked, attestations, false);
    }

    /// <summary>Compares all members.</summary>
    /// <param name="other">The other selection.</param>
    public bool Equals(PlatformSelection? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns the selection as a short text, the same for the same selection.</summary>
    public override string ToString() => IsAll ? "all"
        : IsSingle ? $"image {PlatformsText}"
        : $"index of {PlatformsText}, attestations {(Attestations == AttestationManifests.Keep ? "kept" : "left out")}";

    // A platform's own text has no more than the variant.
    private static string TextOf(Platform platform) =>
        $"{platform}{(platform.OsVersion is null ? "" : $" version {platform.OsVersion}")}{(platform.OsFeatures.IsEmpty ? "" : $" with {string.Join(" and ", platform.OsFeatures)}")}";
}

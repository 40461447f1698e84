using DevOps.Content;

namespace DevOps.Registry;

/// <summary>Controls what a planned copy takes along.</summary>
public sealed record CopyPlanOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static CopyPlanOptions Default { get; } = new();

    /// <summary>Gets how content is copied.</summary>
    /// <value><see cref="CopyOptions.Default"/> by default.</value>
    public CopyOptions Copy { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = CopyOptions.Default;

    /// <summary>Gets which images of an index are copied. An image that stands alone must be for one of the platforms too, by its configuration; what states no platform, as an artifact, is copied as it is.</summary>
    /// <value><see cref="PlatformSelection.All"/> by default.</value>
    public PlatformSelection Platforms { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = PlatformSelection.All;

    /// <summary>Gets what is done with manifests whose subject is copied. A subject that is not copied, as an index of which a new one is made, takes none along.</summary>
    /// <value><see cref="ReferrerCopying.LeaveOut"/> by default.</value>
    public ReferrerCopying Referrers { get; init; }

    /// <summary>Gets what is done with cosign's tags.</summary>
    /// <value><see cref="CosignTagCopying.LeaveOut"/> by default.</value>
    public CosignTagCopying CosignTags { get; init; }

    /// <summary>Gets how many referrers and cosign tags one plan may take along, against lists without end.</summary>
    /// <value>10,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCompanions { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 10_000;
}

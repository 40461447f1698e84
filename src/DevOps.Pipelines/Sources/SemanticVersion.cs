using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>A version of Semantic Versioning 2.0.0, such as <c>1.4.0-rc.1+5f3a</c>. Two are equal if every part is, the build metadata included; <see cref="Precedence"/> orders them as the specification does, without it.</summary>
/// <remarks>Source: semver.org, version 2.0.0. The three numbers go up to 9,223,372,036,854,775,807; the specification has no limit. Numeric identifiers of a prerelease have none here either.</remarks>
public sealed record SemanticVersion
{
    private readonly ImmutableArray<string> _prerelease = [];
    private readonly ImmutableArray<string> _metadata = [];

    /// <summary>Creates a version.</summary>
    /// <param name="major">The major number.</param>
    /// <param name="minor">The minor number.</param>
    /// <param name="patch">The patch number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public SemanticVersion(long major, long minor, long patch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(major);
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfNegative(patch);
        (Major, Minor, Patch) = (major, minor, patch);
    }

    /// <summary>Gets the order of the specification's section 11, in which versions that differ in their build metadata only stand at the same place.</summary>
    public static IComparer<SemanticVersion> Precedence { get; } = new SemanticVersionPrecedence();

    /// <summary>Gets the major number.</summary>
    public long Major { get; }

    /// <summary>Gets the minor number.</summary>
    public long Minor { get; }

    /// <summary>Gets the patch number.</summary>
    public long Patch { get; }

    /// <summary>Gets the identifiers of the prerelease, in order: <c>rc</c> and <c>1</c> of <c>1.4.0-rc.1</c>.</summary>
    /// <value>Empty for a release.</value>
    /// <exception cref="ArgumentException">An identifier is empty, has a character other than ASCII letters, digits and hyphen, or is a number with a leading zero.</exception>
    public ImmutableArray<string> Prerelease
    {
        get => _prerelease;
        init => _prerelease = Checked(value, SemanticVersionText.IsPrereleaseIdentifier, nameof(value));
    }

    /// <summary>Gets the identifiers of the build metadata, in order.</summary>
    /// <value>Empty if there is none.</value>
    /// <exception cref="ArgumentException">An identifier is empty, or has a character other than ASCII letters, digits and hyphen.</exception>
    public ImmutableArray<string> Metadata
    {
        get => _metadata;
        init => _metadata = Checked(value, SemanticVersionText.IsIdentifier, nameof(value));
    }

    /// <summary>Reads a version.</summary>
    /// <param name="text">The version, with nothing around it: no <c>v</c> before it either.</param>
    /// <exception cref="FormatException">The text is no version of Semantic Versioning 2.0.0.</exception>
    public static SemanticVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out SemanticVersion? version)
            ? version
            : throw new FormatException($"'{text}' is no version of Semantic Versioning 2.0.0: three numbers without leading zeros, then perhaps '-' and a prerelease, '+' and build metadata, as in 1.4.0-rc.1+5f3a.");
    }

    /// <summary>Reads a version, if the text is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version, or <see langword="null"/>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = text is null ? null : SemanticVersionText.Read(text);
        return version is not null;
    }

    /// <summary>Tells whether every part is the same.</summary>
    /// <param name="other">Another version.</param>
    public bool Equals(SemanticVersion? other) =>
        other is not null && (Major, Minor, Patch) == (other.Major, other.Minor, other.Patch)
        && _prerelease.AsSpan().SequenceEqual(other._prerelease.AsSpan()) && _metadata.AsSpan().SequenceEqual(other._metadata.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <summary>Returns the version as the specification writes it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Major}.{Minor}.{Patch}{(_prerelease.IsEmpty ? "" : "-")}{string.Join('.', _prerelease)}{(_metadata.IsEmpty ? "" : "+")}{string.Join('.', _metadata)}");

    private static ImmutableArray<string> Checked(ImmutableArray<string> identifiers, Func<string, bool> isValid, string name)
    {
        ImmutableArray<string> all = identifiers.IsDefault ? [] : identifiers;
        return all.FirstOrDefault(identifier => identifier is null || !isValid(identifier)) is { } wrong || all.Contains(null!)
            ? throw new ArgumentException("An identifier of a version consists of ASCII letters, digits and hyphens, and a number in a prerelease has no leading zero.", name)
            : all;
    }
}

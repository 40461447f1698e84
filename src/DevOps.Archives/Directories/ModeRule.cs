using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>Gives permission bits to the members whose path matches a pattern. Plain data, so that it can be part of a recipe.</summary>
/// <remarks>
/// The path is that in the archive, from its root: <c>app/bin/*</c> with a root of <c>/app</c>. In a name, <c>*</c> stands for any characters and <c>?</c> for one; <c>**</c> as a whole name stands for
/// any number of names, at the end for at least one; a backslash makes the next character plain. A pattern that ends with <c>/</c> is for directories, any other for files. Case counts.
/// </remarks>
public sealed record ModeRule
{
    private readonly PathPattern _pattern;

    /// <summary>Creates a rule.</summary>
    /// <param name="pattern">Which members, as <c>**/*.sh</c>, <c>/app/server</c> or <c>var/lib/**/</c>; a leading slash has no meaning.</param>
    /// <param name="mode">The permission bits, 0 to octal 7777.</param>
    /// <exception cref="ArgumentException">The pattern can match no path: it is empty, or has an empty, <c>.</c> or <c>..</c> name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The mode is negative or above octal 7777.</exception>
    public ModeRule(string pattern, int mode)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mode, 0xFFF);
        _pattern = PathPattern.TryParse(pattern)
            ?? throw new ArgumentException($"'{pattern}' can match no path: write names from the archive's root, as 'app/bin/*', with a slash behind for directories.", nameof(pattern));
        (Pattern, Mode) = (pattern, mode);
    }

    /// <summary>Gets which members the rule is for.</summary>
    public string Pattern { get; }

    /// <summary>Gets the permission bits.</summary>
    public int Mode { get; }

    /// <summary>Returns whether the rule is for a member. It is for no link: a symbolic link has no bits of its own, and a hard link has those of its file.</summary>
    /// <param name="member">The member.</param>
    public bool Matches(TarMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.Kind is TarMemberKind.File or TarMemberKind.Directory && _pattern.Matches(member.Path, member.Kind);
    }

    /// <inheritdoc/>
    public bool Equals(ModeRule? other) => other is not null && other.Pattern == Pattern && other.Mode == Mode;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, Mode);
}

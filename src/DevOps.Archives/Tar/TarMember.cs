using System.Collections.Immutable;

namespace DevOps.Archives.Tar;

/// <summary>What an archive says of one member; the content of a file comes beside it.</summary>
public sealed record TarMember
{
    /// <summary>Creates a member.</summary>
    /// <param name="path">The path from the archive's root, with <c>/</c> between names: no leading or trailing slash, and no empty, <c>.</c> or <c>..</c> name.</param>
    /// <param name="kind">What it is.</param>
    /// <exception cref="ArgumentException">The path has another form, or is no valid Unicode.</exception>
    public TarMember(string path, TarMemberKind kind)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!TarText.CanStore(path) || HasBadName(path))
        {
            throw new ArgumentException($"'{path}' is not a member's path: write it from the root without leading slash, without empty, '.' or '..' names, and in valid Unicode.", nameof(path));
        }

        (Path, Kind) = (path, kind);
        Mode = kind switch { TarMemberKind.Directory => 0x1ED, TarMemberKind.SymbolicLink => 0x1FF, _ => 0x1A4 };
    }

    /// <summary>Gets the path from the archive's root.</summary>
    public string Path { get; }

    /// <summary>Gets what the member is.</summary>
    public TarMemberKind Kind { get; }

    /// <summary>Gets the permission bits, 0 to octal 7777.</summary>
    /// <value>Octal 0755 for directories, 0777 for symbolic links, 0644 otherwise.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above octal 7777.</exception>
    public int Mode
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0xFFF);
            field = value;
        }
    }

    /// <summary>Gets the owner's number.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long OwnerId { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Gets the group's number.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long GroupId { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Gets when the member was changed; written in whole seconds, truncated.</summary>
    /// <value>The Unix epoch by default.</value>
    public DateTimeOffset ModifiedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Gets the size of a file's content, in bytes.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long LengthBytes { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Gets the extended attributes by name, as <c>user.comment</c> or <c>security.capability</c>, with their raw bytes; written as PAX records.</summary>
    /// <value>None by default.</value>
    /// <exception cref="ArgumentException">A name is empty, no valid Unicode, or has a NUL or a <c>=</c> in it, which ends it in a record; or a value is empty, which in a record means that there is none.</exception>
    /// <remarks>Sorted by the ordinal order of their names. Source: star(5), "SCHILY.xattr"; POSIX.1-2017, pax, "pax Extended Header".</remarks>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> ExtendedAttributes
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.IsEmpty)
            {
                field = NoAttributes;
                return;
            }

            foreach ((string name, ReadOnlyMemory<byte> bytes) in value)
            {
                if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || !TarText.CanStore(name) || bytes.IsEmpty)
                {
                    throw new ArgumentException($"The extended attribute '{name}' cannot be stored: its name must be valid Unicode, not empty and without NUL and '=', and its value not be empty.", nameof(value));
                }
            }

            field = value.WithComparers(StringComparer.Ordinal);
        }
    } = NoAttributes;

    internal static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> NoAttributes { get; } = ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    /// <summary>Gets where a link points: any text for a symbolic link, an earlier member's path for a hard link.</summary>
    /// <exception cref="ArgumentException">The value has a NUL in it, or is no valid Unicode.</exception>
    public string? LinkTarget
    {
        get;
        init => field = value is null || TarText.CanStore(value) ? value : throw new ArgumentException("A link's target cannot have a NUL in it, and must be valid Unicode.", nameof(value));
    }

    private static bool HasBadName(ReadOnlySpan<char> path)
    {
        foreach (Range name in path.Split('/'))
        {
            if (path[name] is "" or "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}

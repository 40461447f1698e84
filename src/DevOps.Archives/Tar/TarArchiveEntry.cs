using System.Collections.Immutable;

namespace DevOps.Archives.Tar;

/// <summary>What an archive says of one entry. Nothing in it is checked against a file system: a name may be absolute, or lead out of any directory.</summary>
public sealed record TarArchiveEntry
{
    /// <summary>Gets the name as it stands in the archive, a directory's without closing slashes.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what the entry is.</summary>
    public required TarEntryKind Kind { get; init; }

    /// <summary>Gets the permission bits, 0 to octal 7777.</summary>
    public int Mode { get; init; }

    /// <summary>Gets the owner's number.</summary>
    public long OwnerId { get; init; }

    /// <summary>Gets the group's number.</summary>
    public long GroupId { get; init; }

    /// <summary>Gets when the entry was changed, with fractions of a second where the archive has them.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Gets the size of the content, in bytes; of a sparse file, with its holes.</summary>
    public long LengthBytes { get; init; }

    /// <summary>Gets where a link points, as it stands in the archive.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Gets the PAX records that apply to the entry, global ones included, by keyword.</summary>
    public ImmutableSortedDictionary<string, string> PaxRecords { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the extended attributes by name, with their raw bytes, from PAX records whose keyword starts with <c>SCHILY.xattr.</c>.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> ExtendedAttributes { get; init; } = TarMember.NoAttributes;

    /// <summary>Gets whether the archive stores the content without its holes.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Gets where the stored content starts in the archive, in bytes.</summary>
    public long ContentOffset { get; init; }
}

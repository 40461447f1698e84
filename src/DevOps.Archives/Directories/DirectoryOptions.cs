using System.Collections.Immutable;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>Controls how a directory becomes members of an archive. Everything here changes the bytes.</summary>
public sealed record DirectoryOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DirectoryOptions Default { get; } = new();

    /// <summary>Gets where the directory's content goes in the archive, as an absolute path.</summary>
    /// <value><c>/</c> by default.</value>
    /// <exception cref="ArgumentException">The path is not absolute, or has a <c>.</c> or <c>..</c> name.</exception>
    public string Root
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.StartsWith('/') || value.Contains('\0', StringComparison.Ordinal) || value.Split('/').Any(name => name is "." or ".."))
            {
                throw new ArgumentException($"'{value}' is not a root: write an absolute path without '.' and '..', as '/app'.", nameof(value));
            }

            field = value;
        }
    } = "/";

    /// <summary>Gets what happens to directories that are only on the way, as those above the root.</summary>
    /// <value><see cref="Directories.ImplicitParents.Write"/> by default.</value>
    public ImplicitParents ImplicitParents { get; init; }

    /// <summary>Gets what happens to symbolic links.</summary>
    /// <value><see cref="Directories.SymbolicLinks.Keep"/> by default.</value>
    public SymbolicLinks SymbolicLinks { get; init; }

    /// <summary>Gets what happens to files that have several names in the directory.</summary>
    /// <value><see cref="Directories.SharedFiles.Copy"/> by default.</value>
    public SharedFiles SharedFiles { get; init; }

    /// <summary>Gets which permission bits files get.</summary>
    /// <value><see cref="FileModes.Normalize"/> by default.</value>
    public FileModes Modes { get; init; }

    /// <summary>Gets rules that give permission bits by path, over <see cref="Modes"/>. Of several that match, the last wins. Their order changes the bytes.</summary>
    /// <value>None by default. <see cref="WithMode"/> adds one.</value>
    public ImmutableArray<ModeRule> ModeRules { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets which extended attributes are packed. Extraction does not apply them; container runtimes do.</summary>
    /// <value><see cref="Directories.ExtendedAttributes.Ignore"/> by default.</value>
    public ExtendedAttributes ExtendedAttributes { get; init; }

    /// <summary>Gets whether files keep the times that they have on disk.</summary>
    /// <value><see cref="Directories.ModificationTimes.Overwrite"/> by default: they do not.</value>
    public ModificationTimes ModificationTimes { get; init; }

    /// <summary>Gets the time of all members, in whole seconds; the latest one, with <see cref="ModificationTimes.Clamp"/>.</summary>
    /// <value>The Unix epoch by default.</value>
    public DateTimeOffset ModifiedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Gets the owner's number of all members.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int OwnerId { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Gets the group's number of all members.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int GroupId { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } }

    /// <summary>Returns options that give permission bits to what matches a pattern, whatever the rules before say.</summary>
    /// <param name="pattern">Which members, by their path in the archive; see <see cref="ModeRule"/>.</param>
    /// <param name="mode">The permission bits, 0 to octal 7777.</param>
    /// <exception cref="ArgumentException">The pattern can match no path, or the mode is out of its range.</exception>
    public DirectoryOptions WithMode(string pattern, int mode) => this with { ModeRules = ModeRules.Add(new(pattern, mode)) };

    /// <summary>Returns a member with the owner, time, permission bits and extended attributes that these options give it.</summary>
    /// <param name="member">The member; its kind, path, length and link target stay.</param>
    /// <param name="source">What it is on disk; <see langword="null"/> for what is on no disk, as directories above the root.</param>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public TarMember Describe(TarMember member, FileSystemInfo? source = null)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member with
        {
            ModifiedAt = TimeOf(source),
            OwnerId = OwnerId,
            GroupId = GroupId,
            Mode = ModeOf(member, source),
            ExtendedAttributes = (source is null ? null : AttributesOf(source.FullName, isFile: source is FileInfo)) ?? member.ExtendedAttributes,
        };
    }

    /// <summary>Does the same for what the file system was asked about already.</summary>
    internal TarMember Describe(TarMember member, in FileStatus status, string path) => member with
    {
        ModifiedAt = ModificationTimes == ModificationTimes.Overwrite ? ModifiedAt : Clamp(status.Modified.Seconds),
        OwnerId = OwnerId,
        GroupId = GroupId,
        Mode = RuleFor(member) ?? (status.Kind == FileStatusKind.SymbolicLink ? member.Mode : FilePermissions.Of(status, Modes)),
        ExtendedAttributes = AttributesOf(path, isFile: status.Kind is not FileStatusKind.Directory) ?? member.ExtendedAttributes,
    };

    private DateTimeOffset TimeOf(FileSystemInfo? source) =>
        source is null || ModificationTimes == ModificationTimes.Overwrite ? ModifiedAt : Clamp(new DateTimeOffset(source.LastWriteTimeUtc).ToUnixTimeSeconds());

    // Whole seconds of a file are below those of the bound, or the bound is the earlier one, or both are equal.
    private DateTimeOffset Clamp(long seconds)
    {
        long bound = ModifiedAt.ToUnixTimeSeconds();
        return seconds <= bound ? DateTimeOffset.FromUnixTimeSeconds(Math.Max(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds())) : ModifiedAt;
    }

    private int ModeOf(TarMember member, FileSystemInfo? source) =>
        RuleFor(member) ?? (source is null || member.Kind == TarMemberKind.SymbolicLink ? member.Mode : FilePermissions.Of(source, Modes));

    private int? RuleFor(TarMember member)
    {
        for (int i = ModeRules.Length - 1; i >= 0; i--)
        {
            if (ModeRules[i].Matches(member))
            {
                return ModeRules[i].Mode;
            }
        }

        return null;
    }

    private ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>? AttributesOf(string path, bool isFile) =>
        !OperatingSystem.IsLinux() || ExtendedAttributes == ExtendedAttributes.Ignore || (ExtendedAttributes == ExtendedAttributes.Capabilities && !isFile)
            ? null
            : LinuxExtendedAttributes.Read(path, ExtendedAttributes);
}

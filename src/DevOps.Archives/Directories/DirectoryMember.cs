using DevOps.Archives.Tar;

namespace DevOps.Archives.Directories;

/// <summary>A member of an archive, and the file on disk that it is read from.</summary>
/// <param name="Member">What the archive will say of it; the length is that of the moment the directory was read.</param>
/// <param name="SourcePath">The file on disk, or <see langword="null"/> where there is none: a parent of the root, a link.</param>
public sealed record DirectoryMember(TarMember Member, string? SourcePath);

namespace DevOps.Archives.Tar;

/// <summary>A member of an archive, and where its content comes from.</summary>
/// <param name="Member">What the archive says of it. The length counts only for content from a stream: a file has that of the moment it is opened, bytes have their own.</param>
/// <param name="Content">The bytes of a file; <see langword="null"/> for an empty file, and for whatever has no content: a directory, a link.</param>
public sealed record TarItem(TarMember Member, TarContent? Content);

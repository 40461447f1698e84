namespace DevOps.Archives.Tar;

/// <summary>A member of an archive, and where its content comes from.</summary>
/// <param name="Member">What the archive says of it. The length counts for content from a stream, and for a file on disk where it is not 0: another length is an error. A file whose length is not stated, and bytes, have their own.</param>
/// <param name="Content">The bytes of a file; <see langword="null"/> for an empty file, and for whatever has no content: a directory, a link.</param>
public sealed record TarItem(TarMember Member, TarContent? Content);

namespace DevOps.Pipelines;

/// <summary>A file, a link or a directory that patterns chose.</summary>
/// <param name="Path">The path from the root, with <c>/</c> between names.</param>
/// <param name="Kind">What it is; never <see cref="FileKind.Other"/>.</param>
/// <param name="Mode">The permission bits, 0 to octal 777; 0 where there are none.</param>
/// <param name="LengthBytes">The size of a file.</param>
/// <param name="Link">Where a link leads; <see langword="null"/> for all others.</param>
internal readonly record struct SelectedFile(string Path, FileKind Kind, int Mode, long LengthBytes, LinkEnd? Link);

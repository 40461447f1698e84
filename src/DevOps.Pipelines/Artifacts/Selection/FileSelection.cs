using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What patterns chose.</summary>
/// <param name="Root">The root's full path.</param>
/// <param name="Files">Files, links and directories, in the order of an archive.</param>
/// <param name="Unmatched">The patterns that chose no file and no link.</param>
/// <param name="Count">How many entries there are.</param>
/// <param name="Bytes">How many bytes the files have.</param>
internal sealed record FileSelection(string Root, IReadOnlyList<SelectedFile> Files, ImmutableArray<string> Unmatched, long Count, long Bytes)
{
    /// <summary>Gets the number of files and links.</summary>
    internal int FileCount { get; } = Files.Count(file => file.Kind != FileKind.Directory);
}

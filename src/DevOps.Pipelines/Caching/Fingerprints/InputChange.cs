using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>An input that differs from an earlier time.</summary>
public sealed class InputChange
{
    internal InputChange(FingerprintInput input, InputChangeKind change, ImmutableArray<FileChange> files, int fileCount) =>
        (Kind, Name, Change, Files, FileCount, Text) = (input.Kind, input.Name, change, files, fileCount, input.ToString());

    /// <summary>Gets what the input is.</summary>
    public FingerprintInputKind Kind { get; }

    /// <summary>Gets the input's name.</summary>
    public string Name { get; }

    /// <summary>Gets how it differs.</summary>
    public InputChangeKind Change { get; }

    /// <summary>Gets files that differ, ordered by path: no more than were asked for.</summary>
    public ImmutableArray<FileChange> Files { get; }

    /// <summary>Gets how many files differ in all; 0 if that is not known.</summary>
    public int FileCount { get; }

    private string Text { get; }

    /// <summary>Returns the change in words.</summary>
    public override string ToString()
    {
        string how = Change.ToString().ToLowerInvariant();
        string more = FileCount > Files.Length ? $" and {FileCount - Files.Length} more" : "";
        return Files.IsEmpty ? $"{Text} {how}" : $"{Text} {how}: {string.Join(", ", Files.Select(file => $"{file.Path} {file.Change.ToString().ToLowerInvariant()}"))}{more}";
    }
}

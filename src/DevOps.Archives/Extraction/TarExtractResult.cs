using System.Collections.Immutable;

namespace DevOps.Archives.Extraction;

/// <summary>What an extraction did.</summary>
public sealed record TarExtractResult
{
    /// <summary>Gets how many files, directories and links were made.</summary>
    public required int EntryCount { get; init; }

    /// <summary>Gets how many bytes of files were written.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the names of devices, pipes and entries of unknown types, which are not made.</summary>
    public required ImmutableArray<string> Skipped { get; init; }
}

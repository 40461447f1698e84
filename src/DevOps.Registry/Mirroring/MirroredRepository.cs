using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a mirror did with one repository.</summary>
/// <param name="Source">The repository's name at the source; <see langword="null"/> if the source's catalog could not be read.</param>
/// <param name="Rule">The rule that was followed.</param>
public sealed record MirroredRepository(RepositoryName? Source, MirrorRule Rule)
{
    /// <summary>Gets what became of the tags, ordered by name, those that were to be removed behind the others.</summary>
    public ImmutableArray<MirroredTag> Tags { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets why the repository as a whole could not be mirrored, or <see langword="null"/>.</summary>
    public Exception? Error { get; init; }

    /// <summary>Gets why tags that may be gone from the source were not looked for, or were left where they are; <see langword="null"/> if there is nothing to say.</summary>
    public string? DeletionRefusal { get; init; }

    /// <summary>Returns the repository and what became of its tags, as one line.</summary>
    public override string ToString() =>
        OutcomeText.Of(Tags, $"{Rule.Source}{(Source is null ? "" : $"/{Source}")}: ") + (Error is null ? "" : $", failed: {Error.Message}") + (DeletionRefusal is null ? "" : $", nothing removed: {DeletionRefusal}");
}

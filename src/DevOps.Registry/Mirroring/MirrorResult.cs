using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Registry;

/// <summary>What a mirror did.</summary>
/// <param name="Repositories">The repositories, in the order of the rules.</param>
public sealed record MirrorResult(ImmutableArray<MirroredRepository> Repositories)
{
    /// <summary>Gets what became of every tag.</summary>
    public IEnumerable<MirroredTag> Tags => Repositories.SelectMany(repository => repository.Tags);

    /// <summary>Gets whether everything is as the definition wants it: nothing failed, and no removal was refused.</summary>
    public bool IsComplete => Repositories.All(repository => repository.Error is null && repository.DeletionRefusal is null)
        && Tags.All(tag => tag.Outcome is not (MirrorOutcome.Failed or MirrorOutcome.DeletionRefused));

    /// <summary>Counts the tags of one outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    public int Count(MirrorOutcome outcome) => Tags.Count(tag => tag.Outcome == outcome);

    /// <summary>Returns how many tags had which outcome, how many bytes were moved or would be, and which repositories failed, as one line.</summary>
    public override string ToString() => OutcomeText.Of(Tags, $"{Repositories.Length} repositories: ")
        + (Repositories.Count(repository => repository.Error is not null) is > 0 and var failed ? string.Create(CultureInfo.InvariantCulture, $", {failed} repositories failed") : "");
}

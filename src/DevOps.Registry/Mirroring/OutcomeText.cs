using System.Globalization;

namespace DevOps.Registry;

/// <summary>Says in words what became of tags.</summary>
internal static class OutcomeText
{
    internal static string Of(MirrorOutcome outcome) => outcome switch
    {
        MirrorOutcome.UpToDate => "up to date",
        MirrorOutcome.Copied => "copied",
        MirrorOutcome.WouldCopy => "would be copied",
        MirrorOutcome.Deleted => "deleted",
        MirrorOutcome.WouldDelete => "would be deleted",
        MirrorOutcome.DeletionRefused => "not deleted",
        MirrorOutcome.DoneBefore => "done before",
        _ => "failed",
    };

    /// <summary>Counts tags by their outcome, in the order of the outcomes, and their bytes.</summary>
    internal static string Of(IEnumerable<MirroredTag> tags, string start)
    {
        List<string> parts = [];
        long bytes = 0;
        foreach (IGrouping<MirrorOutcome, MirroredTag> outcome in tags.GroupBy(tag => tag.Outcome).OrderBy(group => group.Key))
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{outcome.Count()} {Of(outcome.Key)}"));

            // Bytes that would be moved are claims: of two that lie the sum can be more than a number holds.
            bytes = outcome.Aggregate(bytes, (sum, tag) => tag.Bytes > long.MaxValue - sum ? long.MaxValue : sum + tag.Bytes);
        }

        return start + (parts.Count == 0 ? "no tags" : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", parts)} ({bytes} bytes)"));
    }
}

using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One run over one repository: lists, compares and copies, then removes.</summary>
internal sealed class RepositoryMirror(RemoteRepository source, RemoteRepository target, MirrorRule rule, ImageReference? otherSource, MirrorOptions options, IProgress<MirroredTag>? progress)
{
    internal async Task<MirroredRepository> RunAsync(CancellationToken cancellationToken)
    {
        HashSet<string> all = new(StringComparer.Ordinal);
        List<string> chosen = [];
        Exception? listing = null;
        try
        {
            await foreach (string tag in source.ListTagsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (all.Add(all.Count < Mirror.MaxNames ? tag : throw Mirror.TooMany($"list of tags of {source}"))
                    && ImageReference.IsTag(tag) && !DigestTags.IsOne(tag) && rule.Tags.Accepts(tag))
                {
                    chosen.Add(tag);
                }
            }
        }
        catch (Exception e) when (Mirror.IsLocal(e))
        {
            listing = e;
        }

        chosen.Sort(StringComparer.Ordinal);
        ConcurrentBag<MirroredTag> done = [];
        using (SemaphoreSlim copies = new(options.MaxCopies))
        {
            TagMirror tags = new(source, target, rule, options, copies);
            ParallelOptions window = new() { MaxDegreeOfParallelism = options.MaxComparisons, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(chosen, window, async (tag, token) =>
            {
                MirroredTag result = await tags.RunAsync(tag, token).ConfigureAwait(false);
                done.Add(result);
                progress?.Report(result);
            }).ConfigureAwait(false);
        }

        MirroredRepository mirrored = new(source.Name, rule) { Tags = [.. done.OrderBy(tag => tag.Source.Tag, StringComparer.Ordinal)], Error = listing };
        if (rule.Deletion is not { } deletion)
        {
            return mirrored;
        }

        if (RefusalOf(listing, chosen) is { } reason)
        {
            return mirrored with { DeletionRefusal = reason };
        }

        TagRemoval removal = new(source, target, rule, deletion, options, progress);
        (IReadOnlyList<MirroredTag> removed, string? refusal) = await removal.RunAsync(all, chosen[0], cancellationToken).ConfigureAwait(false);
        return mirrored with { Tags = mirrored.Tags.AddRange(removed), DeletionRefusal = refusal };
    }

    private string? RefusalOf(Exception? listing, List<string> chosen) =>
        listing is not null ? "The source's list of tags could not be read to its end, so nothing was removed."
        : chosen.Count == 0 ? "The source has no tag that the rule chooses, so nothing was removed: an empty list is more often a mistake than a wish. Remove the target's tags by hand if it is one."
        : otherSource is not null ? $"Another rule mirrors '{otherSource}' to the same repository, so a tag that '{source.Registry}/{source.Name}' does not have may be of there, and nothing was removed. Give each a repository of its own."
        : null;
}

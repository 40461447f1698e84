using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One run over one repository: lists, compares and copies, then removes.</summary>
internal sealed class RepositoryMirror(RemoteRepository source, RemoteRepository target, MirrorRule rule, MirrorOptions options, IProgress<MirroredTag>? progress)
{
    internal async Task<MirroredRepository> RunAsync(CancellationToken cancellationToken)
    {
        List<string> all = [];
        Exception? listing = null;
        try
        {
            await foreach (string tag in source.ListTagsAsync(cancellationToken).ConfigureAwait(false))
            {
                all.Add(tag);
            }
        }
        catch (Exception e) when (Mirror.IsLocal(e))
        {
            listing = e;
        }

        string[] chosen = [.. all.Where(tag => ImageReference.IsTag(tag) && rule.Tags.Accepts(tag)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
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

        if (listing is not null || chosen.Length == 0)
        {
            return mirrored with
            {
                DeletionRefusal = listing is not null
                    ? "The source's list of tags could not be read to its end, so nothing was removed."
                    : "The source has no tag that the rule chooses, so nothing was removed: an empty list is more often a mistake than a wish. Remove the target's tags by hand if it is one.",
            };
        }

        (IReadOnlyList<MirroredTag> removed, string? refusal) = await new TagRemoval(source, target, rule, deletion, options, progress).RunAsync(all, cancellationToken).ConfigureAwait(false);
        return mirrored with { Tags = mirrored.Tags.AddRange(removed), DeletionRefusal = refusal };
    }
}

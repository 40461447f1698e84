using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Removes tags from a target that the source has no longer.</summary>
internal sealed class TagRemoval(
    RemoteRepository source, RemoteRepository target, MirrorRule rule, MirrorDeletion deletion, MirrorOptions options, IProgress<MirroredTag>? progress)
{
    /// <summary>Removes what is not in the list, which is whole.</summary>
    /// <param name="sourceTags">All tags of the source.</param>
    /// <param name="witness">One of them: as long as the source shows it, it does not hide what it has.</param>
    /// <param name="cancellationToken">Stops the removal.</param>
    internal async Task<(IReadOnlyList<MirroredTag> Tags, string? Refusal)> RunAsync(IReadOnlySet<string> sourceTags, string witness, CancellationToken cancellationToken)
    {
        SortedSet<string> gone = new(StringComparer.Ordinal);
        try
        {
            await foreach (string tag in target.ListTagsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (ImageReference.IsTag(tag) && !sourceTags.Contains(tag) && !DigestTags.IsOne(tag) && rule.Tags.Accepts(tag))
                {
                    gone.Add(gone.Count < Mirror.MaxNames ? tag : throw Mirror.TooMany($"list of tags of {target}"));
                }
            }
        }
        catch (RegistryException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // Nothing was mirrored there yet, as in a first dry run.
            return ([], null);
        }
        catch (Exception e) when (Mirror.IsLocal(e))
        {
            return ([], $"The target's list of tags could not be read: {e.Message}");
        }

        int before = options.Journal?.CountDeletions(target.Registry, target.Name) ?? 0;
        string? refusal = gone.Count > 0 && gone.Count + before > deletion.MaxTags
            ? $"{gone.Count} tags are gone from the source{(before > 0 ? $" and {before} were removed before the run was cut off" : "")}, and at most {deletion.MaxTags} may be removed in one run, so none was. See whether they are to go, then raise the maximum."
            : null;
        List<MirroredTag> results = [];
        foreach (string tag in gone)
        {
            MirroredTag result = new(new(source.Registry, source.Name, tag), new(target.Registry, target.Name, tag), MirrorOutcome.DeletionRefused) { Reason = refusal };
            results.Add(refusal is null ? await RemoveAsync(result, tag, witness, cancellationToken).ConfigureAwait(false) : result);
            progress?.Report(results[^1]);
        }

        return (results, refusal);
    }

    private async Task<MirroredTag> RemoveAsync(MirroredTag result, string tag, string witness, CancellationToken cancellationToken)
    {
        MirroredTag judged = await TryAsync(result, () => JudgeAsync(result, tag, witness, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (judged.Outcome != MirrorOutcome.WouldDelete || options.Mode == MirrorMode.DryRun)
        {
            return judged;
        }

        options.Journal?.NoteDeletion(result.Target);
        MirroredTag removed = await TryAsync(result, () => DeleteAsync(result, tag, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (removed.Outcome == MirrorOutcome.Deleted)
        {
            options.Journal?.NoteDone(removed, null, rule.Copy.Platforms);
        }

        return removed;
    }

    private async Task<MirroredTag> JudgeAsync(MirroredTag result, string tag, string witness, CancellationToken cancellationToken) =>
        await source.ResolveWithoutMirrorsAsync(tag, cancellationToken).ConfigureAwait(false) is not null
            ? result with { Reason = "The source has the tag although its list does not show it, so the list was not whole." }
        : await source.ResolveWithoutMirrorsAsync(witness, cancellationToken).ConfigureAwait(false) is null
            ? result with { Reason = $"The source says that it has no '{witness}' either, which its list shows: it may hide what it has, as where rights ended meanwhile." }
        : result with { Outcome = MirrorOutcome.WouldDelete };

    private async Task<MirroredTag> DeleteAsync(MirroredTag result, string tag, CancellationToken cancellationToken)
    {
        await target.DeleteTagAsync(tag, cancellationToken).ConfigureAwait(false);
        return result with { Outcome = MirrorOutcome.Deleted };
    }

    private static async Task<MirroredTag> TryAsync(MirroredTag result, Func<Task<MirroredTag>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (Mirror.IsLocal(e) && !cancellationToken.IsCancellationRequested)
        {
            return result with { Outcome = MirrorOutcome.Failed, Reason = e.Message, Error = e };
        }
    }
}

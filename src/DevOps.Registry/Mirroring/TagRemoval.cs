using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Removes tags from a target that the source has no longer.</summary>
internal sealed class TagRemoval(
    RemoteRepository source, RemoteRepository target, MirrorRule rule, MirrorDeletion deletion, MirrorOptions options, IProgress<MirroredTag>? progress)
{
    /// <summary>Removes what is not in the list, which is whole and not empty.</summary>
    internal async Task<(IReadOnlyList<MirroredTag> Tags, string? Refusal)> RunAsync(IReadOnlyList<string> sourceTags, CancellationToken cancellationToken)
    {
        List<string> targetTags = [];
        try
        {
            await foreach (string tag in target.ListTagsAsync(cancellationToken).ConfigureAwait(false))
            {
                targetTags.Add(tag);
            }
        }
        catch (Exception e) when (Mirror.IsLocal(e))
        {
            return ([], $"The target's list of tags could not be read: {e.Message}");
        }

        HashSet<string> kept = [.. sourceTags];
        string[] gone = [.. targetTags.Where(tag => ImageReference.IsTag(tag) && !kept.Contains(tag) && rule.Tags.Accepts(tag) && !BelongsToDigest(tag)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int before = options.Journal?.CountDeletions(target.Registry, target.Name) ?? 0;
        string? refusal = gone.Length > 0 && gone.Length + before > deletion.MaxTags
            ? $"{gone.Length} tags are gone from the source{(before > 0 ? $" and {before} were removed before the run was cut off" : "")}, and at most {deletion.MaxTags} may be removed in one run, so none was. See whether they are to go, then raise the maximum."
            : null;
        List<MirroredTag> results = [];
        foreach (string tag in gone)
        {
            MirroredTag result = new(new(source.Registry, source.Name, tag), new(target.Registry, target.Name, tag), MirrorOutcome.DeletionRefused) { Reason = refusal };
            results.Add(refusal is null ? await RemoveAsync(result, tag, cancellationToken).ConfigureAwait(false) : result);
            progress?.Report(results[^1]);
        }

        return (results, refusal);
    }

    // The referrers tag of a digest, and cosign's: they live and go with their subject, and the source may keep them in another way.
    private static bool BelongsToDigest(string tag)
    {
        string[] parts = tag.Split('-', 2);
        return parts is ["sha256" or "sha512", { Length: >= 64 } rest] && rest[..64].All(char.IsAsciiHexDigitLower);
    }

    private async Task<MirroredTag> RemoveAsync(MirroredTag result, string tag, CancellationToken cancellationToken)
    {
        try
        {
            if (await source.ResolveAsync(tag, cancellationToken).ConfigureAwait(false) is not null)
            {
                return result with { Reason = "The source has the tag although its list does not show it, so the list was not whole." };
            }

            if (options.Mode == MirrorMode.DryRun)
            {
                return result with { Outcome = MirrorOutcome.WouldDelete };
            }

            options.Journal?.NoteDeletion(result.Target);
            await target.DeleteTagAsync(tag, cancellationToken).ConfigureAwait(false);
            MirroredTag deleted = result with { Outcome = MirrorOutcome.Deleted };
            options.Journal?.NoteDone(deleted, null, rule.Copy.Platforms);
            return deleted;
        }
        catch (Exception e) when (Mirror.IsLocal(e) && !cancellationToken.IsCancellationRequested)
        {
            return result with { Outcome = MirrorOutcome.Failed, Reason = e.Message, Error = e };
        }
    }
}

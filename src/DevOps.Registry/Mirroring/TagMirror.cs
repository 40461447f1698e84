using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Compares one tag and copies it where it differs.</summary>
internal sealed class TagMirror(RemoteRepository source, RemoteRepository target, MirrorRule rule, MirrorOptions options, SemaphoreSlim copies)
{
    private bool IsDryRun => options.Mode == MirrorMode.DryRun;

    private bool TakesCompanions => rule.Copy.Referrers == ReferrerCopying.Include || rule.Copy.CosignTags == CosignTagCopying.Include;

    internal Task<MirroredTag> RunAsync(string tag, CancellationToken cancellationToken)
    {
        ImageReference from = new(source.Registry, source.Name, tag);
        ImageReference to = new(target.Registry, target.Name, tag);
        return RegistrySpans.RunAsync(
            "mirror tag", [("devops.registry.source", from.ToString()), ("devops.registry.target", to.ToString())], () => RunAsync(from, to, tag, cancellationToken), result => result.Error);
    }

    private async Task<MirroredTag> RunAsync(ImageReference from, ImageReference to, string tag, CancellationToken cancellationToken)
    {
        MirroredTag result = new(from, to, MirrorOutcome.Failed);
        if (!IsDryRun && options.Journal?.FindDone(from, to, rule.Copy.Platforms) is { Outcome: MirrorOutcome.Copied or MirrorOutcome.UpToDate } before)
        {
            return result with { Outcome = MirrorOutcome.DoneBefore, Digest = before.Digest };
        }

        MirroredTag done;
        Digest sourceDigest;
        try
        {
            (done, sourceDigest) = await CompareAsync(result, tag, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Mirror.IsLocal(e) && !cancellationToken.IsCancellationRequested)
        {
            return result with { Reason = e.Message, Error = e };
        }

        // A journal that cannot be written ends the run.
        if (!IsDryRun)
        {
            options.Journal?.NoteDone(done, sourceDigest, rule.Copy.Platforms);
        }

        return done;
    }

    private async Task<(MirroredTag Result, Digest Source)> CompareAsync(MirroredTag result, string tag, CancellationToken cancellationToken)
    {
        Task<Descriptor?> asked = source.ResolveAsync(tag, cancellationToken).AsTask();
        Task<Descriptor?> held = target.ResolveAsync(tag, cancellationToken).AsTask();
        await Task.WhenAll(asked, held).ConfigureAwait(false);
        Descriptor root = await asked.ConfigureAwait(false) ?? throw new ContentNotFoundException(source.ToString(), $"the tag '{tag}' any more", "It was removed after the list was read: run the mirror again.");
        Digest? there = (await held.ConfigureAwait(false))?.Digest;

        Digest? expected = rule.Copy.Platforms.IsAll || !MediaTypes.IsImageIndex(root.MediaType)
            ? root.Digest
            : options.Journal?.FindMade(result.Target, root.Digest, rule.Copy.Platforms);
        if (there is not null && there == expected && !TakesCompanions)
        {
            return (result with { Outcome = MirrorOutcome.UpToDate, Digest = there }, root.Digest);
        }

        await copies.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            MirroredTag copied = rule.Copy.Platforms.IsAll && !TakesCompanions && !IsDryRun
                ? await CopyAsync(result, root, tag, cancellationToken).ConfigureAwait(false)
                : await CopyAsPlannedAsync(result, root, tag, there, cancellationToken).ConfigureAwait(false);
            return (copied, root.Digest);
        }
        finally
        {
            copies.Release();
        }
    }

    private async Task<MirroredTag> CopyAsync(MirroredTag result, Descriptor root, string tag, CancellationToken cancellationToken)
    {
        CopyResult copy = await source.CopyAsync(root, target, tag, rule.Copy.Copy, options.ContentProgress, cancellationToken).ConfigureAwait(false);
        return result with { Outcome = MirrorOutcome.Copied, Digest = root.Digest, Bytes = copy.CopiedBytes };
    }

    private async Task<MirroredTag> CopyAsPlannedAsync(MirroredTag result, Descriptor root, string tag, Digest? there, CancellationToken cancellationToken)
    {
        CopyPlan plan = await source.PlanCopyAsync(root, target, tag, rule.Copy, cancellationToken).ConfigureAwait(false);
        MirroredTag planned = result with { Digest = plan.Root.Digest, Bytes = plan.MoveBytes };
        if (there == plan.Root.Digest && plan.Moves.IsEmpty && plan.Mounts.IsEmpty && await AreTagsSetAsync(plan, cancellationToken).ConfigureAwait(false))
        {
            return planned with { Outcome = MirrorOutcome.UpToDate };
        }

        if (IsDryRun)
        {
            return planned with { Outcome = MirrorOutcome.WouldCopy };
        }

        CopyResult copy = await plan.ExecuteAsync(options.ContentProgress, cancellationToken).ConfigureAwait(false);
        return planned with { Outcome = MirrorOutcome.Copied, Bytes = copy.CopiedBytes };
    }

    private async Task<bool> AreTagsSetAsync(CopyPlan plan, CancellationToken cancellationToken)
    {
        foreach (PlannedRoot companion in plan.Roots.Where(root => root.Kind == PlannedRootKind.CosignTag))
        {
            if ((await target.ResolveAsync(companion.Tag!, cancellationToken).ConfigureAwait(false))?.Digest != companion.Descriptor.Digest)
            {
                return false;
            }
        }

        return true;
    }
}

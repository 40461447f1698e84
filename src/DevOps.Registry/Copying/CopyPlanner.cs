using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Makes one plan: runs the copy itself against a target that writes nothing.</summary>
internal sealed class CopyPlanner
{
    private static readonly ImmutableArray<string> CosignEndings = [".sig", ".att", ".sbom"];

    private readonly IContentSource _source;
    private readonly IContentStore _target;
    private readonly CopyPlanOptions _options;
    private readonly KeptManifests _kept;
    private readonly PlannedContent _planned;
    private readonly List<PlannedRoot> _roots = [];

    internal CopyPlanner(IContentSource source, IContentStore target, CopyPlanOptions options)
    {
        (_source, _target, _options) = (source, target, options);
        (_kept, _planned) = (new(source), new(target));
    }

    internal async Task<CopyPlan> PlanAsync(Descriptor sourceRoot, string? tag, CancellationToken cancellationToken)
    {
        IndexNarrowing narrowing = new(_kept, _options.Platforms, _options.Copy);
        Descriptor root = await AtSourceAsync(sourceRoot, () => narrowing.ApplyAsync(sourceRoot, cancellationToken), cancellationToken).ConfigureAwait(false);
        await AddAsync(new(root, tag, PlannedRootKind.Asked), cancellationToken).ConfigureAwait(false);
        await AddCompanionsAsync(root, cancellationToken).ConfigureAwait(false);
        return new(_kept, _target, _options.Copy)
        {
            SourceRoot = sourceRoot,
            Root = root,
            Roots = [.. _roots],
            Moves = [.. _planned.Moves],
            Mounts = [.. _planned.Mounts],
            Held = [.. _planned.Held],
            Platforms = narrowing.Chosen,
            LeftOut = narrowing.LeftOut,
        };
    }

    private async Task AddAsync(PlannedRoot root, CancellationToken cancellationToken)
    {
        if (_roots.Count > _options.MaxCompanions)
        {
            throw new DevOpsException(
                $"More than {_options.MaxCompanions} referrers and cosign tags go with {_roots[0].Descriptor.Digest}. Raise {nameof(CopyPlanOptions.MaxCompanions)} if that is right, or leave them out.");
        }

        await new PlanningSource(_kept).CopyAsync(root.Descriptor, _planned, null, _options.Copy, null, cancellationToken).ConfigureAwait(false);
        _roots.Add(root);
    }

    // Whatever goes along is looked at in turn: a bill of materials can be signed too.
    private async Task AddCompanionsAsync(Descriptor root, CancellationToken cancellationToken)
    {
        HashSet<Descriptor> seen = [];
        Queue<Descriptor> open = new();
        Enqueue(root);
        while (open.TryDequeue(out Descriptor? subject))
        {
            foreach (PlannedRoot companion in await FindCompanionsAsync(subject, cancellationToken).ConfigureAwait(false))
            {
                if (companion.Tag is not null || !seen.Contains(companion.Descriptor))
                {
                    await AddAsync(companion, cancellationToken).ConfigureAwait(false);
                    Enqueue(companion.Descriptor);
                }
            }
        }

        void Enqueue(Descriptor descriptor)
        {
            if (MediaTypes.IsManifest(descriptor.MediaType) && seen.Add(descriptor))
            {
                open.Enqueue(descriptor);
                foreach (Descriptor child in _kept.Read.GetValueOrDefault(descriptor, []))
                {
                    Enqueue(child);
                }
            }
        }
    }

    private async Task<List<PlannedRoot>> FindCompanionsAsync(Descriptor subject, CancellationToken cancellationToken)
    {
        List<PlannedRoot> companions = [];
        return await AtSourceAsync(
            subject,
            async () =>
            {
                if (_options.Referrers == ReferrerCopying.Include)
                {
                    await foreach (Descriptor referrer in ((IReferrerLister)_source).ListReferrersAsync(subject.Digest, null, cancellationToken).ConfigureAwait(false))
                    {
                        companions.Add(companions.Count < _options.MaxCompanions
                            ? new(referrer, null, PlannedRootKind.Referrer)
                            : throw new InvalidContentException($"list of referrers of {subject.Digest}", $"it has more than {_options.MaxCompanions} entries"));
                    }
                }

                if (_options.CosignTags == CosignTagCopying.Include)
                {
                    foreach (string tag in CosignEndings.Select(ending => $"{subject.Digest.ToString().Replace(':', '-')}{ending}").Where(ImageReference.IsTag))
                    {
                        if (await ((ITagResolver)_source).ResolveAsync(tag, cancellationToken).ConfigureAwait(false) is { } tagged)
                        {
                            companions.Add(new(tagged, tag, PlannedRootKind.CosignTag));
                        }
                    }
                }

                return companions;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> AtSourceAsync<T>(Descriptor descriptor, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e.GetType() != typeof(DevOpsException))
        {
            throw new ContentCopyException(CopySide.Source, descriptor, e);
        }
    }
}

using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Plans copies between any two stores.</summary>
public static class CopyPlanning
{
    /// <summary>Finds out what copying some content would do, and does none of it.</summary>
    /// <param name="source">Where the content is.</param>
    /// <param name="root">The content: an index, a manifest or a blob.</param>
    /// <param name="target">Where it would go.</param>
    /// <param name="tag">The tag that the root would get in the target, or <see langword="null"/> for none.</param>
    /// <param name="options">What goes along; <see cref="CopyPlanOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the planning.</param>
    /// <exception cref="ContentCopyException">One end failed; says which, and on what.</exception>
    /// <exception cref="DevOpsException">There is no image for the platforms that were asked for.</exception>
    /// <exception cref="ArgumentException">The target has no tags or the source cannot list referrers, and the options need that.</exception>
    /// <remarks>Reads manifests and no blobs, but for the configuration of an image that stands alone when platforms are asked for; manifests of up to 16 MiB together are kept for the copy. Asks the target for each piece of content once.</remarks>
    public static Task<CopyPlan> PlanCopyAsync(
        this IContentSource source, Descriptor root, IContentStore target, string? tag = null, CopyPlanOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(target);
        CopyPlanOptions chosen = options ?? CopyPlanOptions.Default;
        if (tag is not null)
        {
            TagRules.Check(tag);
        }

        if (target is not ITagStore && (tag is not null || chosen.CosignTags == CosignTagCopying.Include))
        {
            throw new ArgumentException("The target keeps no tags, so none can be set there.", nameof(target));
        }

        if (chosen.Referrers == ReferrerCopying.Include && source is not IReferrerLister)
        {
            throw new ArgumentException("The source cannot list referrers, so they cannot be copied. Leave them out, or copy from a registry.", nameof(source));
        }

        if (chosen.CosignTags == CosignTagCopying.Include && source is not ITagResolver)
        {
            throw new ArgumentException("The source has no tags, so cosign's cannot be copied. Leave them out.", nameof(source));
        }

        return new CopyPlanner(source, target, chosen).PlanAsync(root, tag, cancellationToken);
    }

    /// <summary>Finds out what copying an image from one reference to another would do.</summary>
    /// <param name="repositories">Reaches the registries.</param>
    /// <param name="source">The image, by tag or digest.</param>
    /// <param name="target">Where it would go. A tag is set there; with a digest alone, it must be the image's, and none is set; with neither, <see cref="ImageReference.DefaultTag"/> is.</param>
    /// <param name="options">What goes along; <see cref="CopyPlanOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the planning.</param>
    /// <exception cref="ContentNotFoundException">There is no such image.</exception>
    /// <exception cref="ContentCopyException">One end failed; says which, and on what.</exception>
    /// <exception cref="DevOpsException">There is no image for the platforms that were asked for, or what would arrive is not what the target's digest names.</exception>
    public static async Task<CopyPlan> PlanCopyAsync(
        this IRepositoryProvider repositories, ImageReference source, ImageReference target, CopyPlanOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        (IRepository from, Descriptor root) = await repositories.ResolveAsync(source, cancellationToken).ConfigureAwait(false);
        IRepository to = repositories.GetRepository(target.Registry, target.Repository);
        string? tag = target.Digest is null ? target.Tag ?? ImageReference.DefaultTag : target.Tag;
        CopyPlan plan = await from.PlanCopyAsync(root, to, tag, options, cancellationToken).ConfigureAwait(false);
        return target.Digest is null || target.Digest == plan.Root.Digest
            ? plan
            : throw new DevOpsException($"The target names {target.Digest}, and {plan.Root.Digest} would arrive. Leave the digest away, or give a tag.");
    }
}

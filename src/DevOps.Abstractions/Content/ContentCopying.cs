using DevOps.Oci;

namespace DevOps.Content;

/// <summary>Copies content, with everything it points to, between any two stores.</summary>
public static class ContentCopying
{
    /// <summary>Copies some content and everything below it. What the target holds is not moved again; layers that must not be distributed are left out.</summary>
    /// <param name="source">Where the content is.</param>
    /// <param name="root">The content: an index, a manifest or a blob.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="tag">The tag to give the root in the target, or <see langword="null"/> for none.</param>
    /// <param name="options">How; <see cref="CopyOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Stops the copy. What arrived stays, and a next copy continues from there; no parent arrives before its children.</param>
    /// <exception cref="ContentCopyException">One end failed; says which, and on what.</exception>
    /// <exception cref="ArgumentException">A tag is asked for and the target has no tags.</exception>
    /// <remarks>Bytes stream from source to target, verified, with one buffer each. Memory: of each level of an index <see cref="CopyOptions.MaxConcurrency"/> manifests below 4 MiB each, and a few hundred bytes for each piece of content.</remarks>
    public static async Task<CopyResult> CopyAsync(
        this IContentSource source,
        Descriptor root,
        IContentStore target,
        string? tag = null,
        CopyOptions? options = null,
        IProgress<ContentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(target);
        if (tag is not null && !ImageReference.IsTag(tag))
        {
            throw new ArgumentException(ImageReference.TagRule(tag), nameof(tag));
        }

        if (tag is not null && target is not ITagStore)
        {
            throw new ArgumentException($"The target keeps no tags, so '{tag}' cannot be set there.", nameof(tag));
        }

        using GraphCopier copier = new(source, target, options ?? CopyOptions.Default, progress);
        return await copier.CopyAsync(root, tag, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads some content and everything below it to the last byte, and fails on the first that is not what its descriptor names.</summary>
    /// <param name="source">Where the content is.</param>
    /// <param name="root">The content: an index, a manifest or a blob.</param>
    /// <param name="progress">Told of each content that is right.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Everything that was verified, children before parents.</returns>
    /// <exception cref="ContentNotFoundException">Something is missing.</exception>
    /// <exception cref="ContentVerificationException">Something is damaged.</exception>
    public static async Task<CopyResult> VerifyAsync(
        this IContentSource source, Descriptor root, IProgress<ContentProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        using GraphCopier copier = new(source, new VerificationSink(progress), CopyOptions.Default with { TrustsEmbeddedData = false }, null);
        try
        {
            return await copier.CopyAsync(root, null, cancellationToken).ConfigureAwait(false);
        }
        catch (ContentCopyException e) when (e.InnerException is { } cause)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }
}

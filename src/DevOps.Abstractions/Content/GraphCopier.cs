using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using DevOps.Oci;

namespace DevOps.Content;

/// <summary>One copy of one graph. Each piece of content is worked on once, however many parents it has, and all of them wait for it.</summary>
internal sealed class GraphCopier(IContentSource source, IContentStore target, CopyOptions options, IProgress<ContentProgress>? progress) : IDisposable
{
    private readonly ConcurrentDictionary<Descriptor, Lazy<Task>> _nodes = new();
    private readonly SemaphoreSlim _slots = new(options.MaxConcurrency);
    private readonly ConcurrentQueue<Descriptor> _copied = new();
    private readonly ConcurrentQueue<Descriptor> _mounted = new();
    private readonly ConcurrentQueue<Descriptor> _skipped = new();
    private ExceptionDispatchInfo? _failure;
    private int _count;

    internal async Task<CopyResult> CopyAsync(Descriptor root, string? tag, CancellationToken cancellationToken)
    {
        // The first failure stops the rest: nobody waits for a gigabyte whose parent can no longer arrive.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await CopyOnceAsync(root, 0, stop).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // What broke because it was being stopped is no news: the caller's wish is, and else the first failure.
            cancellationToken.ThrowIfCancellationRequested();
            _failure?.Throw();
            throw;
        }

        await AtAsync(CopySide.Target, root, () => NameAsync(root, tag, cancellationToken), cancellationToken).ConfigureAwait(false);

        return new() { Root = root, Copied = [.. _copied], Mounted = [.. _mounted], Skipped = [.. _skipped] };
    }

    public void Dispose() => _slots.Dispose();

    private async Task<bool> NameAsync(Descriptor root, string? tag, CancellationToken cancellationToken)
    {
        if (tag is not null)
        {
            await ((ITagStore)target).TagAsync(root, tag, cancellationToken).ConfigureAwait(false);
        }
        else if (target is IRootStore roots && MediaTypes.IsManifest(root.MediaType))
        {
            await roots.AddRootAsync(root, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private Task CopyOnceAsync(Descriptor descriptor, int depth, CancellationTokenSource stop) =>
        _nodes.GetOrAdd(descriptor.ToIdentity(), _ => new(() => CopyNodeAsync(options.TrustsEmbeddedData ? descriptor : descriptor with { Data = null }, depth, stop))).Value;

    private async Task CopyNodeAsync(Descriptor descriptor, int depth, CancellationTokenSource stop)
    {
        try
        {
            if (Interlocked.Increment(ref _count) > options.MaxDescriptors)
            {
                throw new ContentCopyException(CopySide.Source, descriptor, new InvalidContentException($"what is above {descriptor.Digest}", $"it has more than {options.MaxDescriptors} pieces of content"));
            }

            if (MediaTypes.IsManifest(descriptor.MediaType))
            {
                await CopyManifestAsync(descriptor, depth, stop).ConfigureAwait(false);
            }
            else if (!MediaTypes.IsNonDistributable(descriptor.MediaType))
            {
                await InSlotAsync(() => CopyBlobAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            if (!stop.IsCancellationRequested)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            }

            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task CopyManifestAsync(Descriptor descriptor, int depth, CancellationTokenSource stop)
    {
        if (depth >= options.MaxDepth)
        {
            InvalidContentException cause = new($"index above {descriptor.Digest}", $"it nests more than {options.MaxDepth} levels deep");
            throw new ContentCopyException(CopySide.Source, descriptor, cause);
        }

        bool held = await InSlotAsync(() => HoldsAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);
        if (held && options.HeldManifests == HeldManifests.Trust)
        {
            return;
        }

        (ReadOnlyMemory<byte> bytes, ImmutableArray<Descriptor> children) = await InSlotAsync(() => ReadManifestAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);

        // The slot is free again here: a parent that held it while it waits for its children would starve them.
        // Only a few manifests of one index are open at once, so that an index of thousands does not fill the memory.
        ParallelOptions window = new() { MaxDegreeOfParallelism = options.MaxConcurrency, CancellationToken = stop.Token };
        await Parallel.ForEachAsync(children, window, async (child, _) => await CopyOnceAsync(child, depth + 1, stop).ConfigureAwait(false)).ConfigureAwait(false);
        if (!held)
        {
            await InSlotAsync(() => WriteAsync(descriptor, new MemoryStream(bytes.ToArray(), writable: false), stop.Token), stop.Token).ConfigureAwait(false);
        }
    }

    private Task<(ReadOnlyMemory<byte> Bytes, ImmutableArray<Descriptor> Children)> ReadManifestAsync(Descriptor descriptor, CancellationToken cancellationToken) =>
        AtAsync(
            CopySide.Source,
            descriptor,
            async () =>
            {
                ManifestDocument manifest = await source.ReadManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
                return (manifest.RawBytes, manifest.Children);
            },
            cancellationToken);

    private async Task<bool> CopyBlobAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (await HoldsAsync(descriptor, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        if (target is IContentMounter mounter
            && await AtAsync(CopySide.Target, descriptor, () => mounter.TryMountAsync(descriptor, OriginOf(descriptor), cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false))
        {
            _mounted.Enqueue(descriptor.ToIdentity());
            progress?.Report(new(descriptor, ContentPhase.Mounted, 0));
            return false;
        }

        if (target is IContentResumer resumer && descriptor.Data is null)
        {
            return await WriteAsync(descriptor, resumer, cancellationToken).ConfigureAwait(false);
        }

        Stream content = descriptor.TryGetData(out ReadOnlyMemory<byte> data)
            ? new MemoryStream(data.ToArray(), writable: false)
            : await AtAsync(CopySide.Source, descriptor, () => source.OpenReadAsync(descriptor, cancellationToken), cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            return await WriteAsync(descriptor, content, cancellationToken).ConfigureAwait(false);
        }
    }

    private IContentSource OriginOf(Descriptor descriptor) => (source as ICompositeSource)?.SourceOf(descriptor) ?? source;

    private async Task<bool> WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        progress?.Report(new(descriptor, ContentPhase.Started, 0));
        VerifyingStream verifying = VerifyingStream.Around(content, descriptor, inner => progress is null ? inner : new ProgressStream(inner, descriptor, progress));
        await using (verifying.ConfigureAwait(false))
        {
            try
            {
                await target.WriteAsync(descriptor, verifying, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A read that fails surfaces from the target's loop; the stream knows whose fault it was.
                throw new ContentCopyException(verifying.Failure is null ? CopySide.Target : CopySide.Source, descriptor, verifying.Failure ?? e);
            }
        }

        _copied.Enqueue(descriptor.ToIdentity());
        progress?.Report(new(descriptor, ContentPhase.Copied, descriptor.SizeBytes));
        return true;
    }

    private async Task<bool> WriteAsync(Descriptor descriptor, IContentResumer resumer, CancellationToken cancellationToken)
    {
        progress?.Report(new(descriptor, ContentPhase.Started, 0));
        ReopenedContent content = new(source, descriptor, progress);
        try
        {
            await resumer.WriteAsync(descriptor, content.OpenAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContentCopyException(content.Failure is null ? CopySide.Target : CopySide.Source, descriptor, content.Failure ?? e);
        }

        _copied.Enqueue(descriptor.ToIdentity());
        progress?.Report(new(descriptor, ContentPhase.Copied, descriptor.SizeBytes));
        return true;
    }

    private async Task<bool> HoldsAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (!await AtAsync(CopySide.Target, descriptor, () => target.ContainsAsync(descriptor, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _skipped.Enqueue(descriptor.ToIdentity());
        progress?.Report(new(descriptor, ContentPhase.Skipped, 0));
        return true;
    }

    private async Task<T> InSlotAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static async Task<T> AtAsync<T>(CopySide side, Descriptor descriptor, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContentCopyException(side, descriptor, e);
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using DevOps.Oci;

namespace DevOps.Content;

/// <summary>One copy of one graph. Each piece of content is worked on once, however many parents it has, and all of them wait for it.</summary>
internal sealed class GraphCopier(IContentSource source, IContentStore target, CopyOptions options, IProgress<ContentProgress>? progress) : IDisposable
{
    private readonly ConcurrentDictionary<Descriptor, Lazy<Task>> _nodes = new();
    private readonly ConcurrentDictionary<Descriptor, Lazy<Task>> _rewritten = new();
    private readonly SemaphoreSlim _slots = new(options.MaxConcurrency);
    private readonly ConcurrentQueue<Descriptor> _copied = new();
    private readonly ConcurrentQueue<Descriptor> _mounted = new();
    private readonly ConcurrentQueue<Descriptor> _skipped = new();
    private ExceptionDispatchInfo? _failure;
    private string? _tag;
    private int _contents;

    internal async Task<CopyResult> CopyAsync(Descriptor root, string? tag, CancellationToken cancellationToken)
    {
        _tag = tag;

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

        await AtAsync(CopySide.Target, root, () => NameAsync(root, cancellationToken), cancellationToken).ConfigureAwait(false);

        return new() { Root = root, Copied = [.. _copied], Mounted = [.. _mounted.Where(IsFinal)], Skipped = [.. _skipped.Where(IsFinal)] };

        bool IsFinal(Descriptor descriptor) => !_rewritten.ContainsKey(descriptor);
    }

    public void Dispose() => _slots.Dispose();

    // A tag that went with its manifest is none to set any more.
    private async Task<bool> NameAsync(Descriptor root, CancellationToken cancellationToken)
    {
        if (_tag is { } tag)
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
        _nodes.GetOrAdd(descriptor, key => new(() => CopyNodeAsync(options.TrustsEmbeddedData ? key : key with { Data = null }, depth, stop))).Value;

    private async Task CopyNodeAsync(Descriptor descriptor, int depth, CancellationTokenSource stop)
    {
        try
        {
            if (Interlocked.Increment(ref _contents) > options.MaxContents)
            {
                InvalidContentException cause = new($"graph with {descriptor.Digest}", $"it has more than {options.MaxContents} different pieces of content");
                throw new ContentCopyException(CopySide.Source, descriptor, cause);
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
        CheckDepth(descriptor, depth);
        bool isHeld = await InSlotAsync(() => HoldsAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);
        if (isHeld && options.HeldManifests == HeldManifests.Trust)
        {
            return;
        }

        (ReadOnlyMemory<byte> bytes, ImmutableArray<Descriptor> children) = await InSlotAsync(() => ReadManifestAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);

        // The slot is free again here: a parent that held it while it waits for its children would starve them.
        await ForEachAsync(children, child => CopyOnceAsync(child, depth + 1, stop), stop.Token).ConfigureAwait(false);
        if (depth == 0 && _tag is { } tag && target is ITaggedWriter tagged)
        {
            await WriteManifestAsync(descriptor, children, depth, content => WriteTaggedAsync(descriptor, content, tagged, tag, isHeld, stop.Token), bytes, stop).ConfigureAwait(false);
            _tag = null;
        }
        else if (!isHeld)
        {
            await WriteManifestAsync(descriptor, children, depth, content => WriteAsync(descriptor, content, target.WriteAsync, stop.Token), bytes, stop).ConfigureAwait(false);
        }
    }

    private void CheckDepth(Descriptor descriptor, int depth)
    {
        if (depth >= options.MaxDepth)
        {
            InvalidContentException cause = new($"index above {descriptor.Digest}", $"it nests more than {options.MaxDepth} levels deep");
            throw new ContentCopyException(CopySide.Source, descriptor, cause);
        }
    }

    // Only a few manifests of one index are open at once, so that an index of thousands does not fill the memory.
    private Task ForEachAsync(IEnumerable<Descriptor> contents, Func<Descriptor, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(contents, new ParallelOptions { MaxDegreeOfParallelism = options.MaxConcurrency, CancellationToken = cancellationToken }, async (content, _) => await work(content).ConfigureAwait(false));

    // A target can say that it holds what it has lost, or has only in part: it then refuses the parent, and what it was believed to hold is written once.
    private async Task WriteManifestAsync(
        Descriptor descriptor, ImmutableArray<Descriptor> children, int depth, Func<Stream, Task<bool>> write, ReadOnlyMemory<byte> bytes, CancellationTokenSource stop)
    {
        try
        {
            await WriteAsync().ConfigureAwait(false);
        }
        catch (ContentCopyException e) when (e is { Side: CopySide.Target, InnerException: IMissingContentError { IsContentMissing: true } } && Believed().Any())
        {
            await ForEachAsync(Believed(), child => RewriteOnceAsync(child, depth + 1, stop), stop.Token).ConfigureAwait(false);
            await WriteAsync().ConfigureAwait(false);
        }

        IEnumerable<Descriptor> Believed() => children.Except(_copied).Where(child => !MediaTypes.IsNonDistributable(child.MediaType));

        Task<bool> WriteAsync() => InSlotAsync(() => write(new MemoryStream(bytes.ToArray(), writable: false)), stop.Token);
    }

    private Task RewriteOnceAsync(Descriptor descriptor, int depth, CancellationTokenSource stop) =>
        _rewritten.GetOrAdd(descriptor, key => new(() => RewriteAsync(key, depth, stop))).Value;

    private async Task RewriteAsync(Descriptor descriptor, int depth, CancellationTokenSource stop)
    {
        if (!MediaTypes.IsManifest(descriptor.MediaType))
        {
            await InSlotAsync(() => SendBlobAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);
            return;
        }

        CheckDepth(descriptor, depth);
        (ReadOnlyMemory<byte> bytes, ImmutableArray<Descriptor> children) = await InSlotAsync(() => ReadManifestAsync(descriptor, stop.Token), stop.Token).ConfigureAwait(false);
        await WriteManifestAsync(descriptor, children, depth, content => WriteAsync(descriptor, content, target.WriteAsync, stop.Token), bytes, stop).ConfigureAwait(false);
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

        // What is embedded needs no source: to mount it would be no shorter.
        if (target is IContentMounter mounter && !descriptor.TryGetData(out _)
            && await AtAsync(CopySide.Target, descriptor, () => mounter.TryMountAsync(descriptor, OriginOf(descriptor), cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false))
        {
            _mounted.Enqueue(descriptor);
            progress?.Report(new(descriptor, ContentPhase.Mounted, 0));
            return false;
        }

        return await SendBlobAsync(descriptor, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> SendBlobAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        bool isEmbedded = descriptor.TryGetData(out ReadOnlyMemory<byte> data);
        if (target is IContentResumer resumer && !isEmbedded)
        {
            return await WriteAsync(descriptor, resumer, cancellationToken).ConfigureAwait(false);
        }

        Stream content = isEmbedded
            ? new MemoryStream(data.ToArray(), writable: false)
            : await AtAsync(CopySide.Source, descriptor, () => source.OpenReadAsync(descriptor, cancellationToken), cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            return await WriteAsync(descriptor, content, target.WriteAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private IContentSource OriginOf(Descriptor descriptor) => (source as ICompositeSource)?.SourceOf(descriptor) ?? source;

    private Task<bool> WriteTaggedAsync(Descriptor descriptor, Stream content, ITaggedWriter tagged, string tag, bool isHeld, CancellationToken cancellationToken)
    {
        return isHeld ? AtAsync(CopySide.Target, descriptor, TagAsync, cancellationToken) : WriteAsync(descriptor, content, (manifest, stream, token) => tagged.WriteTaggedAsync(manifest, stream, tag, token), cancellationToken);

        async Task<bool> TagAsync()
        {
            await tagged.WriteTaggedAsync(descriptor, content, tag, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private async Task<bool> WriteAsync(Descriptor descriptor, Stream content, Func<Descriptor, Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        progress?.Report(new(descriptor, ContentPhase.Started, 0));
        VerifyingStream verifying = VerifyingStream.Around(content, descriptor, inner => progress is null ? inner : new ProgressStream(inner, descriptor, progress));
        await using (verifying.ConfigureAwait(false))
        {
            try
            {
                await write(descriptor, verifying, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A read that fails surfaces from the target's loop; the stream knows whose fault it was.
                throw new ContentCopyException(verifying.Failure is null ? CopySide.Target : CopySide.Source, descriptor, verifying.Failure ?? e);
            }
        }

        _copied.Enqueue(descriptor);
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

        _copied.Enqueue(descriptor);
        progress?.Report(new(descriptor, ContentPhase.Copied, descriptor.SizeBytes));
        return true;
    }

    private async Task<bool> HoldsAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (!(options.KnownContent?.Invoke(descriptor)
            ?? await AtAsync(CopySide.Target, descriptor, () => target.ContainsAsync(descriptor, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false)))
        {
            return false;
        }

        _skipped.Enqueue(descriptor);
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

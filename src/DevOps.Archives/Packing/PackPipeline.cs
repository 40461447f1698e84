using System.Threading.Channels;
using DevOps.Archives.Caching;
using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>The way of content through the stages: written into buffers, hashed, compressed in segments, put in order, hashed again and stored.</summary>
internal static class PackPipeline
{
    /// <summary>Runs all stages until the content is stored.</summary>
    /// <param name="produce">Writes the content; <see cref="PackWriter.Complete"/> is called for it.</param>
    /// <param name="output">Where the bytes go; flushed and left open.</param>
    /// <param name="options">How.</param>
    /// <param name="cache">Where segments are looked up and stored; <see langword="null"/> for nowhere.</param>
    /// <param name="cancellationToken">Stops everything.</param>
    /// <returns>The digests, where the options want them.</returns>
    internal static async Task<PackDigests?> RunAsync(Func<PackWriter, CancellationToken, Task> produce, Stream output, PackOptions options, CacheSession? cache, CancellationToken cancellationToken)
    {
        using BufferLane lane = await options.Pool.EnterAsync(cancellationToken).ConfigureAwait(false);
        using PackRun run = new(lane, options.Pool.Workers, cancellationToken);
        PackReport report = new(options.Progress);
        using PackOutput target = new(output, options.Hashes ? new() : null, report.Written);

        // What is not compressed has one digest.
        using ContentHash? hash = !options.Hashes || (options.Compression.Level is null && options.Compression.Compressor is null) ? null : new();
        PackStage stage = StartStages(run, options, cache, target);
        if (hash is not null)
        {
            run.Start(() => hash.RunAsync(run));
        }

        Channel<PackBuffer> filled = Channel.CreateUnbounded<PackBuffer>(new() { SingleReader = true, SingleWriter = true });
        run.Start(() => PassOnAsync(filled.Reader, hash, stage, report, run));
        run.Start(() => ProduceAsync(produce, new(run, filled.Writer), options.Pool, run));
        await run.EndAsync().ConfigureAwait(false);
        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        return target.ToDigest() is { } digest
            ? new(digest, target.LengthBytes, hash?.ToDigest() ?? digest, hash?.LengthBytes ?? target.LengthBytes)
            : null;
    }

    private static async Task ProduceAsync(Func<PackWriter, CancellationToken, Task> produce, PackWriter writer, CompressionPool pool, PackRun run)
    {
        try
        {
            pool.MarkInside();
            await produce(writer, run.Stopping).ConfigureAwait(false);
        }
        finally
        {
            writer.Complete();
        }
    }

    private static PackStage StartStages(PackRun run, PackOptions options, CacheSession? cache, PackOutput target)
    {
        if (options.Compression.Level is not { } level)
        {
            PackStage whole = options.Compression.Compressor is { } compressor ? new CompressorStage(target, compressor) : new StreamStage(target);
            run.Start(() => whole.RunAsync(run));
            return whole;
        }

        Channel<Task<Segment>> segments = Channel.CreateUnbounded<Task<Segment>>(new() { SingleReader = true, SingleWriter = true });

        // What is only copied is there faster than it is found.
        SegmentReuse? reuse = cache is null || level == DeflateLevel.Store ? null : new(cache, options.Compression.Recipe);
        GzipStage stage = new(options.Pool, level, reuse, segments.Writer);
        GzipJoin join = new(segments.Reader, target);
        run.Start(() => stage.RunAsync(run));
        run.Start(() => join.RunAsync(run));
        return stage;
    }

    /// <summary>Hands each buffer to the stages that read it, once it is filled.</summary>
    private static async Task PassOnAsync(ChannelReader<PackBuffer> filled, ContentHash? hash, PackStage stage, PackReport report, PackRun run)
    {
        await foreach (PackBuffer buffer in filled.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await buffer.Filled.ConfigureAwait(false);
            if (!run.Stopping.IsCancellationRequested)
            {
                // Told before it goes on: nobody hears of bytes that are written and not read yet.
                run.Guard(() => report.Read(buffer.Length));
                hash?.Post(buffer);
                stage.Post(buffer);
            }

            buffer.Release();
        }

        hash?.Complete();
        stage.Complete();
    }
}

using System.Threading.Channels;
using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Packing;

/// <summary>The stage that cuts content into segments and has them compressed beside each other; <see cref="GzipJoin"/> puts them in order.</summary>
internal sealed class GzipStage(CompressionPool pool, DeflateLevel level, SegmentReuse? reuse, ChannelWriter<Task<Segment>> segments) : PackStage
{
    private readonly SegmentCutter _cutter = new();

    protected override Task TakeAsync(PackBuffer buffer, PackRun run)
    {
        _cutter.Append(buffer);
        return StartSegmentsAsync(run);
    }

    protected override async Task EndAsync(PackRun run)
    {
        try
        {
            if (!run.Stopping.IsCancellationRequested)
            {
                _cutter.Complete();
                await StartSegmentsAsync(run).ConfigureAwait(false);
            }
        }
        finally
        {
            _cutter.Release();
            segments.TryComplete();
        }
    }

    private async Task StartSegmentsAsync(PackRun run)
    {
        while (_cutter.TryNext(out int length))
        {
            Segment segment = await run.Lane.StartSegmentAsync(length, run.Stopping).ConfigureAwait(false);
            _cutter.Cut(segment);
            segments.TryWrite(Task.Run(() => Compress(segment, run), CancellationToken.None));
        }
    }

    private Segment Compress(Segment segment, PackRun run)
    {
        SegmentEncoder? encoder = null;
        try
        {
            if (!run.Stopping.IsCancellationRequested)
            {
                encoder = pool.TakeEncoder(level);
                segment.Compress(encoder, reuse);
            }
        }
        catch (Exception exception)
        {
            run.Fail(exception);
        }

        if (encoder is not null)
        {
            pool.GiveEncoder(encoder);
        }

        segment.Release();
        pool.EndWork();
        return segment;
    }
}

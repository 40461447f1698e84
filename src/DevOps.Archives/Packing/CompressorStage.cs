using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>The stage that writes content through a compressor that the host brought.</summary>
internal sealed class CompressorStage(PackOutput output, ICompressor compressor) : PackStage
{
    private PackOutputStream? _compressed;
    private Stream? _content;

    protected override async Task TakeAsync(PackBuffer buffer, PackRun run)
    {
        await Open(run).WriteAsync(buffer.Memory.Memory[..buffer.Length], run.Stopping).ConfigureAwait(false);
        await _compressed!.DrainAsync().ConfigureAwait(false);
        output.Passed(buffer.Length);
    }

    // After a failure the compressor is let go of, and its end goes nowhere: half of the content must not look like all of it.
    protected override async Task EndAsync(PackRun run)
    {
        if (_content is null && run.Stopping.IsCancellationRequested)
        {
            return;
        }

        await Open(run).DisposeAsync().ConfigureAwait(false);
        await _compressed!.DrainAsync().ConfigureAwait(false);
        output.Passed(0);
    }

    private Stream Open(PackRun run)
    {
        _compressed ??= new(output, run.Stopping);
        return _content ??= compressor.Compress(_compressed) ?? throw new InvalidOperationException($"The compressor '{compressor.Recipe}' returned no stream.");
    }
}

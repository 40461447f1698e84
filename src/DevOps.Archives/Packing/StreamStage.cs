using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>The stage that writes content to the output as it is, or through a compressor that the host brought.</summary>
internal sealed class StreamStage(PackOutput output, ICompressor? compressor) : PackStage
{
    private Stream? _target;

    protected override async Task TakeAsync(PackBuffer buffer, PackRun run)
    {
        if (compressor is null)
        {
            await output.WriteAsync(buffer.Memory.Memory[..buffer.Length], buffer.Length, run.Stopping).ConfigureAwait(false);
            return;
        }

        _target ??= compressor.Compress(new PackOutputStream(output));
        await _target.WriteAsync(buffer.Memory.Memory[..buffer.Length], run.Stopping).ConfigureAwait(false);
    }

    protected override async Task EndAsync(PackRun run)
    {
        if (compressor is not null)
        {
            _target ??= compressor.Compress(new PackOutputStream(output));
            await _target.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using System.Buffers.Binary;
using System.Threading.Channels;
using DevOps.Archives.Compression;

namespace DevOps.Archives.Packing;

/// <summary>Writes compressed segments in order, between the header and the trailer of gzip.</summary>
/// <remarks>The header says nothing of time, name, level or system, so that it is the same everywhere. Source: RFC 1952, section 2.3.</remarks>
internal sealed class GzipJoin(ChannelReader<Task<Segment>> segments, PackOutput output)
{
    private uint _crc;
    private long _length;

    private static ReadOnlySpan<byte> Header => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    // A last block with nothing in it, as the fixed code writes it.
    private static ReadOnlySpan<byte> LastBlock => [3, 0];

    internal async Task RunAsync(PackRun run)
    {
        await run.GuardAsync(() => output.WriteAsync(Header.ToArray(), 0, run.Stopping)).ConfigureAwait(false);
        await foreach (Task<Segment> pending in segments.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            Segment segment = await pending.ConfigureAwait(false);
            if (!run.Stopping.IsCancellationRequested)
            {
                await run.GuardAsync(() => WriteAsync(segment, run.Stopping)).ConfigureAwait(false);
            }

            run.Lane.EndSegment(segment);
        }

        if (!run.Stopping.IsCancellationRequested)
        {
            byte[] end = new byte[LastBlock.Length + 8];
            LastBlock.CopyTo(end);
            BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(2), _crc);
            BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(6), (uint)_length);
            await output.WriteAsync(end, 0, run.Stopping).ConfigureAwait(false);
        }
    }

    private Task WriteAsync(Segment segment, CancellationToken cancellationToken)
    {
        _crc = Crc32.Combine(_crc, segment.Crc, segment.LengthBytes);
        _length += segment.LengthBytes;
        return output.WriteAsync(segment.Compressed, segment.LengthBytes, cancellationToken);
    }
}

using System.Buffers;

namespace DevOps.Archives.Tar;

/// <summary>The bytes of an archive, counted. An end in the middle of something is told as what it is.</summary>
internal sealed class TarInput(Stream stream)
{
    private const int SkipBufferBytes = 1 << 16;

    internal long Position { get; private set; }

    /// <summary>Reads a whole block.</summary>
    /// <returns>Whether there was one; the archive may end between two.</returns>
    /// <exception cref="FormatException">The archive ends in the middle of a block.</exception>
    internal async ValueTask<bool> TryReadBlockAsync(Memory<byte> block, CancellationToken cancellationToken)
    {
        int read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        Position += read;
        return read == block.Length || (read == 0 ? false : throw new FormatException("the archive ends in the middle of a block"));
    }

    /// <exception cref="FormatException">The archive ends before.</exception>
    internal async ValueTask ReadExactlyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await TryReadBlockAsync(buffer, cancellationToken).ConfigureAwait(false) && buffer.Length > 0)
        {
            throw new FormatException("the archive ends in the middle of an entry");
        }
    }

    /// <summary>Reads up to as many bytes as fit; none only at the end of the archive.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Position += read;
        return read;
    }

    /// <exception cref="FormatException">The archive ends before.</exception>
    internal async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        if (stream.CanSeek && count > SkipBufferBytes)
        {
            if (stream.Length - stream.Position < count)
            {
                throw new FormatException("the archive ends in the middle of an entry");
            }

            stream.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(count, 1), SkipBufferBytes));
        try
        {
            while (count > 0)
            {
                int read = await ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken).ConfigureAwait(false);
                count -= read > 0 ? read : throw new FormatException("the archive ends in the middle of an entry");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads what is left: a hash over the archive must see all of it, also the padding behind its end.</summary>
    internal async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SkipBufferBytes);
        try
        {
            while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

using System.Threading.Channels;

namespace DevOps.Archives.Packing;

/// <summary>Fills buffers with content in order: what is at hand at once, what is in files by promises that others keep.</summary>
internal sealed class PackWriter(PackRun run, ChannelWriter<PackBuffer> sealedBuffers)
{
    private readonly FileReads _reads = new(run);
    private PackBuffer? _current;

    /// <summary>Gets a buffer with room.</summary>
    private async ValueTask<PackBuffer> GetRoomAsync()
    {
        if (_current is { Room: 0 })
        {
            Seal();
        }

        return _current ??= await run.Lane.RentAsync(run.Stopping).ConfigureAwait(false);
    }

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            PackBuffer buffer = await GetRoomAsync().ConfigureAwait(false);
            int part = Math.Min(bytes.Length, buffer.Room);
            buffer.Write(bytes.Span[..part]);
            bytes = bytes[part..];
        }
    }

    internal async ValueTask WriteZerosAsync(int count)
    {
        while (count > 0)
        {
            PackBuffer buffer = await GetRoomAsync().ConfigureAwait(false);
            int part = Math.Min(count, buffer.Room);
            buffer.Clear(part);
            count -= part;
        }
    }

    /// <summary>Promises a file's content; it is read by others while this goes on.</summary>
    internal async ValueTask WriteFileAsync(string path, string name, long length)
    {
        FileRead file = new(path, name, length);
        long offset = 0;
        try
        {
            do
            {
                PackBuffer buffer = await GetRoomAsync().ConfigureAwait(false);
                int part = (int)Math.Min(length - offset, buffer.Room);
                file.Begin();
                _reads.Add(new(file, offset, buffer.Promise(part), buffer));
                offset += part;
            }
            while (offset < length);
        }
        finally
        {
            file.End();
        }
    }

    /// <summary>Copies a stream to its end.</summary>
    /// <returns>How many bytes there were, up to one more than <paramref name="length"/>.</returns>
    internal async ValueTask<long> WriteStreamAsync(Stream content, long length)
    {
        long left = length;
        while (left > 0)
        {
            PackBuffer buffer = await GetRoomAsync().ConfigureAwait(false);
            int read = await content.ReadAsync(buffer.Free[..(int)Math.Min(left, buffer.Room)], run.Stopping).ConfigureAwait(false);
            if (read == 0)
            {
                return length - left;
            }

            buffer.Advance(read);
            left -= read;
        }

        return await content.ReadAsync(new byte[1], run.Stopping).ConfigureAwait(false) == 0 ? length : length + 1;
    }

    /// <summary>Passes on what is there. Called in any case, also when the run stops.</summary>
    internal void Complete()
    {
        if (_current is not null)
        {
            Seal();
        }

        sealedBuffers.TryComplete();
    }

    private void Seal()
    {
        PackBuffer buffer = _current!;
        _current = null;
        _reads.Flush();
        buffer.EndFill();
        sealedBuffers.TryWrite(buffer);
    }
}

using System.Buffers;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Bytes on their way to a registry.</summary>
/// <param name="Content">The bytes; read once, and left open.</param>
/// <param name="LengthBytes">How many are sent; <see langword="null"/> if that is not known.</param>
internal sealed record UploadBody(Stream Content, long? LengthBytes)
{
    /// <summary>Gets the place of the first byte in the whole, where it is a chunk.</summary>
    internal long? ChunkStart { get; init; }

    /// <summary>Gets the error that reading the bytes met: a failure of the source, which no other try of the registry mends.</summary>
    internal Exception? ReadFailure { get; set; }
}

/// <summary>Sends bytes and watches that they move.</summary>
internal sealed class UploadContent : StoppableContent
{
    private const int BufferBytes = 1 << 17;

    private readonly UploadBody _body;
    private readonly SilenceLimit _silence;
    private readonly MovedBytes _moved;

    internal UploadContent(UploadBody body, SilenceLimit silence, MovedBytes moved)
    {
        (_body, _silence, _moved) = (body, silence, moved);
        Headers.ContentType = new(MediaTypes.OctetStream);
        if (body is { ChunkStart: { } start, LengthBytes: { } length })
        {
            // Registries want it without the unit and the whole length that HTTP has; the typed header would add them.
            Headers.TryAddWithoutValidation("Content-Range", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{start}-{start + length - 1}"));
        }
    }

    protected override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long left = _body.LengthBytes ?? long.MaxValue;
            while (true)
            {
                // How long the source takes is its own affair. A chunk leaves the rest to the next; a whole is read to its end, where whoever verifies it speaks.
                _silence.End();
                int wanted = left > 0 || _body.ChunkStart is not null ? (int)Math.Min(left, buffer.Length) : 1;
                int read = wanted == 0 ? 0 : await ReadAsync(buffer.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                left -= read;
                _silence.Restart();
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                _moved.Add(read);
            }

            _silence.Restart();
            if (left > 0 && _body.LengthBytes is { } expected)
            {
                EndOfStreamException error = new($"The content ended {left} bytes before the {expected} that it was to have.");
                _body.ReadFailure = error;
                throw error;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.LengthBytes ?? 0;
        return _body.LengthBytes is not null;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _body.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _body.ReadFailure = e;
            throw;
        }
    }
}

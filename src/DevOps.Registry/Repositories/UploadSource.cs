using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The content of an upload, read on as long as the offsets follow each other and opened anew where they do not. Verified where it is read from its start.</summary>
internal sealed class UploadSource(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt) : IAsyncDisposable
{
    private const string Origin = "the content to push";

    private Stream? _opened;
    private Stream? _content;
    private long _at;

    /// <summary>Returns the bytes of a chunk.</summary>
    internal async Task<UploadBody> ChunkAsync(long offset, long lengthBytes, CancellationToken cancellationToken)
    {
        await SeekAsync(offset, cancellationToken).ConfigureAwait(false);
        return new(_content!, lengthBytes) { ChunkStart = offset };
    }

    /// <summary>Returns all bytes.</summary>
    internal async Task<UploadBody> WholeAsync(CancellationToken cancellationToken)
    {
        await SeekAsync(0, cancellationToken).ConfigureAwait(false);
        return new(_content!, descriptor.SizeBytes);
    }

    /// <summary>Takes note that bytes were read to an offset.</summary>
    internal void Advance(long offset) => _at = offset;

    /// <summary>Makes sure that nothing is left to read.</summary>
    /// <exception cref="SizeMismatchException">Something is.</exception>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_content is not null && await _content.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0)
        {
            throw new SizeMismatchException(Origin, descriptor, descriptor.SizeBytes + 1);
        }
    }

    /// <summary>Lets go of the content, whose place is not known after a failure.</summary>
    internal async Task LeaveAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        (_content, _opened) = (null, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_content is not null)
        {
            await _content.DisposeAsync().ConfigureAwait(false);
        }

        if (_opened is not null)
        {
            await _opened.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task SeekAsync(long offset, CancellationToken cancellationToken)
    {
        if (_content is not null && _at == offset && offset > 0)
        {
            return;
        }

        await LeaveAsync().ConfigureAwait(false);
        _opened = await openAt(offset, cancellationToken).ConfigureAwait(false);
        _content = offset == 0 ? VerifyingStream.Ensure(_opened, descriptor, Origin) : _opened;
        _at = offset;
    }
}

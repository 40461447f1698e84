using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Content that mirrors may have had a part in: where it turns out to be wrong, they are left alone. Whoever verifies it says that it is wrong.</summary>
internal sealed class MirroredContent(Stream content, Descriptor descriptor, MirrorUse mirrors) : ReadOnlyContent
{
    private readonly DigestBuilder _digest = new(descriptor.Digest.Algorithm);
    private bool _isOver;

    public override long Length => content.Length;

    public override long Position { get => content.Position; set => throw new NotSupportedException(); }

    /// <summary>Reads all of it, lets go of it, and returns the bytes; <see langword="null"/> if they are wrong. The mirrors are left alone then.</summary>
    internal static async Task<byte[]?> TryReadAllAsync(Stream content, Descriptor descriptor, MirrorUse mirrors, CancellationToken cancellationToken)
    {
        VerifyingStream verifying = new(content, descriptor, "a mirror");
        await using (verifying.ConfigureAwait(false))
        {
            try
            {
                byte[] bytes = new byte[descriptor.SizeBytes];
                await verifying.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);

                // Bytes that are too many show behind the end alone, by an error.
                _ = await verifying.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
                return bytes;
            }
            catch (ContentVerificationException e) when (mirrors.IsAny)
            {
                mirrors.Leave(e.Message);
                return null;
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (!buffer.IsEmpty && IsWrong(buffer.Span[..read]))
        {
            mirrors.Leave("its content was wrong");
        }

        return read;
    }

    private bool IsWrong(ReadOnlySpan<byte> read)
    {
        if (_isOver)
        {
            return !read.IsEmpty;
        }

        _digest.Append(read);
        _isOver = read.IsEmpty || _digest.LengthBytes >= descriptor.SizeBytes;
        return _isOver && (_digest.LengthBytes != descriptor.SizeBytes || _digest.ToDigest() != descriptor.Digest);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }
}

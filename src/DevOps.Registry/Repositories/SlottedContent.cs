namespace DevOps.Registry;

/// <summary>Content whose slot comes free when it was read to its end or is let go of.</summary>
internal sealed class SlottedContent(Stream content, ReadSlot slot) : ReadOnlyContent
{
    public override long Length => content.Length;

    public override long Position { get => content.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        slot.Move();
        int read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        slot.Move();
        if ((read == 0 && !buffer.IsEmpty) || content.Position >= content.Length)
        {
            slot.Dispose();
        }

        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            slot.Dispose();
        }

        base.Dispose(disposing);
    }
}

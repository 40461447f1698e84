using System.Diagnostics;

namespace DevOps.Registry;

/// <summary>Content whose span ends when it was read to its end or is let go of.</summary>
internal sealed class TracedContent(Stream content, Activity span) : ReadOnlyContent
{
    private Activity? _span = span;

    public override long Length => content.Length;

    public override long Position { get => content.Position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0 && !buffer.IsEmpty)
            {
                End(null);
            }

            return read;
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
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
            End(null);
        }

        base.Dispose(disposing);
    }

    private void End(Exception? error) => RegistrySpans.End(Interlocked.Exchange(ref _span, null), error);
}

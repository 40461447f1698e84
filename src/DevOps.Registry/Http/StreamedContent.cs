using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A body that is made while it is sent, of a length that nobody knows before. Source: RFC 9112, section 7.1, "Chunked Transfer Coding".</summary>
internal sealed class StreamedContent : StoppableContent
{
    private readonly StreamedBody _body;
    private readonly SilenceLimit _silence;
    private readonly MovedBytes _moved;

    internal StreamedContent(StreamedBody body, SilenceLimit silence, MovedBytes moved)
    {
        (_body, _silence, _moved) = (body, silence, moved);
        Headers.ContentType = new(MediaTypes.OctetStream);
    }

    protected override Task WriteToAsync(Stream stream, CancellationToken cancellationToken) => _body.WriteToAsync(stream, _silence, _moved, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A body that is made while it is sent, of a length that nobody knows before. Source: RFC 9112, section 7.1, "Chunked Transfer Coding".</summary>
internal sealed class StreamedContent : StoppableContent
{
    private readonly StreamedBody _body;
    private readonly SilenceLimit _silence;

    internal StreamedContent(StreamedBody body, SilenceLimit silence)
    {
        (_body, _silence) = (body, silence);
        Headers.ContentType = new(MediaTypes.OctetStream);
    }

    protected override Task WriteToAsync(Stream stream, CancellationToken cancellationToken) => _body.WriteToAsync(stream, _silence, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

using DevOps.Oci;

namespace DevOps.Archives.Packing;

/// <summary>Writes the stored bytes to the sink, and hashes them meanwhile.</summary>
internal sealed class PackOutput(Stream sink, DigestBuilder? digest, Action<long, long>? written) : IDisposable
{
    private long _contentBytes;

    internal long LengthBytes { get; private set; }

    internal Digest? ToDigest() => digest?.ToDigest();

    /// <summary>Writes bytes that stand for some of the content.</summary>
    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes, int contentBytes, CancellationToken cancellationToken)
    {
        ValueTask writing = sink.WriteAsync(bytes, cancellationToken);
        digest?.Append(bytes.Span);
        await writing.ConfigureAwait(false);
        LengthBytes += bytes.Length;
        _contentBytes += contentBytes;
        written?.Invoke(_contentBytes, LengthBytes);
    }

    /// <summary>Tells that so much more of the content is done.</summary>
    internal void Passed(int contentBytes)
    {
        _contentBytes += contentBytes;
        written?.Invoke(_contentBytes, LengthBytes);
    }

    internal Task FlushAsync(CancellationToken cancellationToken) => sink.FlushAsync(cancellationToken);

    public void Dispose() => digest?.Dispose();
}

using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>The hash of what came of an upload so far, so that nothing is read again at its end.</summary>
/// <remarks>It stands for one state of the file: if another process, or a write that failed half-way, changed length or time, it is worth nothing.</remarks>
internal sealed class UploadHash(DigestAlgorithm algorithm) : IDisposable
{
    private DateTime _lastWrite;

    internal DigestBuilder Digest { get; } = new(algorithm);

    internal bool IsOf(FileInfo file) => Digest.LengthBytes == file.Length && (file.Length == 0 || _lastWrite == file.LastWriteTimeUtc);

    internal void Confirm(DateTime lastWrite) => _lastWrite = lastWrite;

    public void Dispose() => Digest.Dispose();
}

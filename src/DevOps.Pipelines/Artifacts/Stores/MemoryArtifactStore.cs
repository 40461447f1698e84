using System.Collections.Concurrent;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Keeps artifacts in memory, for tests. Safe for use by several threads.</summary>
public sealed class MemoryArtifactStore : IArtifactStore, IArtifactDeleter
{
    private const string Origin = "memory";

    private readonly ConcurrentDictionary<Digest, byte[]> _content = new();

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return ValueTask.FromResult(_content.ContainsKey(artifact.Digest));
    }

    /// <inheritdoc/>
    public async Task WriteAsync(Artifact artifact, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(content);
        using Stream verifying = VerifyingStream.Ensure(content, new(artifact.MediaType, artifact.Digest, artifact.SizeBytes), "the content to write");
        using MemoryStream bytes = new();
        await verifying.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        _content[artifact.Digest] = bytes.ToArray();
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        cancellationToken.ThrowIfCancellationRequested();
        return _content.TryGetValue(artifact.Digest, out byte[]? bytes)
            ? Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(bytes, writable: false), new(artifact.MediaType, artifact.Digest, artifact.SizeBytes), Origin))
            : throw new ArtifactNotFoundException(artifact, Origin);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return Task.FromResult(_content.TryRemove(artifact.Digest, out _));
    }
}

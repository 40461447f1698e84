using System.Runtime.CompilerServices;
using DevOps.Oci;

namespace DevOps.Pipelines.Tests;

/// <summary>A store on a full disk: it reads, and does not write.</summary>
internal sealed class FullStore(IArtifactStore inner) : IArtifactStore
{
    internal const string Message = "No space left on device";

    public ValueTask<bool> ContainsAsync(Artifact artifact, CancellationToken cancellationToken = default) => inner.ContainsAsync(artifact, cancellationToken);

    public Task WriteAsync(Artifact artifact, Stream content, CancellationToken cancellationToken = default) => throw new IOException(Message);

    public Task<Stream> OpenReadAsync(Artifact artifact, CancellationToken cancellationToken = default) => inner.OpenReadAsync(artifact, cancellationToken);
}

/// <summary>Records that cannot be reached.</summary>
internal sealed class AbsentRecords : ICacheRecords
{
    internal const string Message = "The cache host does not answer.";

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string name, Digest key, CancellationToken cancellationToken = default) => throw new HttpRequestException(Message);

    public Task WriteAsync(string name, Digest key, ReadOnlyMemory<byte> record, CancellationToken cancellationToken = default) => throw new TaskCanceledException(Message);

    public async IAsyncEnumerable<CacheRecordInfo> ListAsync(string namePrefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return namePrefix.Length < 0 ? null! : throw new TimeoutException(Message);
    }

    public Task RemoveAsync(string name, Digest key, CancellationToken cancellationToken = default) => throw new HttpRequestException(Message);
}

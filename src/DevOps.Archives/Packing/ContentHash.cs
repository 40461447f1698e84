using DevOps.Oci;

namespace DevOps.Archives.Packing;

/// <summary>The stage that hashes the content as it comes; nothing waits for it but the end.</summary>
internal sealed class ContentHash : PackStage, IDisposable
{
    private readonly DigestBuilder _digest = new();

    internal long LengthBytes => _digest.LengthBytes;

    internal Digest ToDigest() => _digest.ToDigest();

    protected override Task TakeAsync(PackBuffer buffer, PackRun run)
    {
        _digest.Append(buffer.Content);
        return Task.CompletedTask;
    }

    protected override Task EndAsync(PackRun run) => Task.CompletedTask;

    public void Dispose() => _digest.Dispose();
}

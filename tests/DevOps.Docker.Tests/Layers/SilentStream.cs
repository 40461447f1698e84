namespace DevOps.Docker.Tests;

/// <summary>A stream that gives nothing until it is cancelled, as a connection that nobody answers.</summary>
internal sealed class SilentStream(Action whenAsked) : MemoryStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        whenAsked();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}

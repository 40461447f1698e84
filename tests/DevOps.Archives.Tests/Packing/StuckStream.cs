namespace DevOps.Archives.Tests.Packing;

/// <summary>An output that takes so many bytes and then none, until it is cancelled.</summary>
internal sealed class StuckStream(TaskCompletionSource stuck, int after) : MemoryStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Length + buffer.Length <= after)
        {
            await base.WriteAsync(buffer, cancellationToken);
            return;
        }

        stuck.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}

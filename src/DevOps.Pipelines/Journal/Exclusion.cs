namespace DevOps.Pipelines;

/// <summary>Leaves once, however often it is disposed.</summary>
internal sealed class Exclusion(Action leave) : IAsyncDisposable
{
    private Action? _leave = leave;

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _leave, null)?.Invoke();
        return ValueTask.CompletedTask;
    }
}

namespace DevOps.Registry;

/// <summary>Lets one at a time change a layout: of this process, and of others that use this SDK. The system takes it back from a process that ends.</summary>
internal sealed class LayoutGate(string directory) : IDisposable
{
    private readonly SemaphoreSlim _threads = new(1);

    internal async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _threads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _ = LayoutPath.Find(Path.Combine(directory, LayoutLock.FileName));
            return new Turn(_threads, await LayoutLock.EnterAsync(directory, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            _threads.Release();
            throw;
        }
    }

    public void Dispose() => _threads.Dispose();

    private sealed class Turn(SemaphoreSlim threads, FileStream processes) : IDisposable
    {
        public void Dispose()
        {
            processes.Dispose();
            threads.Release();
        }
    }
}

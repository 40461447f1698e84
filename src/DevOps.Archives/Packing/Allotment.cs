using System.Diagnostics.CodeAnalysis;

namespace DevOps.Archives.Packing;

/// <summary>So many of something for one alone, and others that all share.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore that is only awaited holds nothing to dispose.")]
internal sealed class Allotment(int own, SemaphoreSlim shared)
{
    private readonly SemaphoreSlim _own = new(own);

    /// <summary>Takes one of its own, or one that is shared if that is free at once; else waits for one of its own.</summary>
    /// <returns>Whether it is a shared one.</returns>
    internal async ValueTask<bool> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_own.Wait(0, CancellationToken.None))
        {
            return false;
        }

        if (shared.Wait(0, CancellationToken.None))
        {
            return true;
        }

        await _own.WaitAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    internal void Give(bool isShared) => (isShared ? shared : _own).Release();
}

namespace DevOps.Pipelines;

/// <summary>Cancels where nobody waits for an exception. What code has registered with a token runs within the cancellation, and may throw; it must not keep others from being told.</summary>
internal static class SafeCancellation
{
    internal static void Cancel(CancellationTokenSource source, Action<Exception> failed)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            failed(e);
        }
        catch (ObjectDisposedException)
        {
            // The work has ended, and nobody listens any more.
        }
    }
}

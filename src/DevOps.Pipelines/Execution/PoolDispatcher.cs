namespace DevOps.Pipelines;

/// <summary>Starts jobs on the thread pool: a job's first synchronous piece never holds up others.</summary>
internal sealed class PoolDispatcher : IRunDispatcher
{
    internal static PoolDispatcher Instance { get; } = new();

    public void Start(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}

namespace DevOps.Pipelines;

/// <summary>Ends a run, but not within the call of whoever ended last: it may hold locks of its own.</summary>
internal sealed class EndingWork(Action end) : IThreadPoolWorkItem
{
    public void Execute() => end();
}

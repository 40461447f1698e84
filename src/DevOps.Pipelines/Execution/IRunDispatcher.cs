namespace DevOps.Pipelines;

/// <summary>Decides on which thread, and in which order, jobs that may start do start.</summary>
internal interface IRunDispatcher
{
    void Start(IThreadPoolWorkItem work);
}

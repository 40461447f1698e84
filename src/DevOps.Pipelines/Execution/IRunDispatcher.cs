namespace DevOps.Pipelines;

/// <summary>Decides on which thread, and in which order, jobs that may start do start.</summary>
internal interface IRunDispatcher
{
    /// <summary>Gets how tasks are made that the engine itself ends. By default whoever waits goes on elsewhere, so that the caller is not held up.</summary>
    TaskCreationOptions Continuations => TaskCreationOptions.RunContinuationsAsynchronously;

    void Start(IThreadPoolWorkItem work);

    /// <summary>Runs the work of one attempt.</summary>
    ValueTask<object?> RunAsync(Job job, JobContext context) => job.Run(context);
}

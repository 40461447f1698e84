namespace DevOps.Pipelines;

/// <summary>Calls the delegates of jobs. What ends at once costs no task of its own.</summary>
internal static class JobWork
{
    internal static ValueTask<object?> InvokeAsync(Func<JobContext, Task> run, JobContext job)
    {
        Task task = run(job) ?? throw NoTask(job);
        return task.IsCompletedSuccessfully ? default : AwaitAsync(task);

        static async ValueTask<object?> AwaitAsync(Task task)
        {
            await task.ConfigureAwait(false);
            return null;
        }
    }

    internal static ValueTask<object?> InvokeAsync<T>(Func<JobContext, Task<T>> run, JobContext job)
    {
        Task<T> task = run(job) ?? throw NoTask(job);
        return task.IsCompletedSuccessfully ? new(task.Result) : AwaitAsync(task);

        static async ValueTask<object?> AwaitAsync(Task<T> task) => await task.ConfigureAwait(false);
    }

    private static InvalidOperationException NoTask(JobContext job) => new($"The work of '{job.Name}' returned null where a task was expected.");
}

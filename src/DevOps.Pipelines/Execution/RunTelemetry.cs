namespace DevOps.Pipelines;

/// <summary>Tells logs, traces and metrics of a run.</summary>
internal sealed class RunTelemetry(RunSetup setup)
{
    internal void RunStarted() => _ = setup;

    internal void RunFinished(PipelineResult result) => _ = result;

    internal void JobStarted(JobState job, int attempt) => _ = (job, attempt);

    internal void JobRetried(JobState job, int attempt, JobError error) => _ = (job, attempt, error);

    internal void InboxUnreadable(Exception error) => _ = error;

    internal void DecisionRefused(string messageId, Exception error) => _ = (messageId, error);

    internal void JobFinished(JobState job, JobResult result) => _ = (job, result);
}

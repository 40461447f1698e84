using Microsoft.Extensions.Logging;

namespace DevOps.Pipelines;

/// <summary>The messages for <see cref="ILogger"/>.</summary>
internal static partial class RunLog
{
    [LoggerMessage(1, LogLevel.Information, "Pipeline {Pipeline}: run {RunId} started")]
    internal static partial void RunStarted(ILogger logger, string pipeline, string runId);

    [LoggerMessage(EventId = 2, Message = "Pipeline {Pipeline}: run {RunId} ended as {Outcome} after {Duration}")]
    internal static partial void RunFinished(ILogger logger, LogLevel level, string pipeline, string runId, Outcome outcome, TimeSpan duration);

    [LoggerMessage(3, LogLevel.Information, "Job {Job}: attempt {Attempt} started")]
    internal static partial void JobStarted(ILogger logger, string job, int attempt);

    [LoggerMessage(4, LogLevel.Warning, "Job {Job}: attempt {Attempt} failed and is followed by another: {Message}")]
    internal static partial void JobRetried(ILogger logger, string job, int attempt, string message);

    [LoggerMessage(EventId = 5, Message = "Job {Job} ended as {Outcome} after {Duration}: {Reason}")]
    internal static partial void JobFinished(ILogger logger, LogLevel level, string job, Outcome outcome, TimeSpan duration, string? reason);

    [LoggerMessage(8, LogLevel.Warning, "Run {RunId}: the workspace {Path} could not be removed: {Message}")]
    internal static partial void WorkspaceKept(ILogger logger, string runId, string path, string message);

    [LoggerMessage(9, LogLevel.Warning, "Run {RunId}: code that a job registered for its cancellation failed: {Message}")]
    internal static partial void CallbackFailed(ILogger logger, string runId, string message);

    [LoggerMessage(6, LogLevel.Warning, "Run {RunId}: decisions cannot be read: {Message}")]
    internal static partial void InboxUnreadable(ILogger logger, string runId, string message);

    [LoggerMessage(7, LogLevel.Warning, "Run {RunId}: decision {MessageId} does not count: {Message}")]
    internal static partial void DecisionRefused(ILogger logger, string runId, string messageId, string message);
}

using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DevOps.Pipelines;

/// <summary>Tells logs, traces and metrics of a run. Names are those of OpenTelemetry's conventions for CI/CD.</summary>
internal sealed class RunTelemetry(RunSetup setup)
{
    private readonly ILogger? _logger = setup.Options.Logger;
    private Activity? _run;
    private Exception? _error;

    /// <summary>Gets the first error of whoever listens: loggers, listeners to spans and metrics. They are told on, and change nothing of the run.</summary>
    internal Exception? Error => Volatile.Read(ref _error);

    internal void RunStarted()
    {
        try
        {
            PipelineDiagnostics.ActiveRuns.Add(1, Pipeline, Executing);
            if (_logger is not null)
            {
                RunLog.RunStarted(_logger, setup.Pipeline.Name, setup.RunId);
            }

            _run = PipelineDiagnostics.Source.StartActivity($"RUN {setup.Pipeline.Name}", ActivityKind.Server);
            _run?.SetTag("cicd.pipeline.action.name", "RUN").SetTag("cicd.pipeline.name", setup.Pipeline.Name).SetTag("cicd.pipeline.run.id", setup.RunId);
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    internal void RunFinished(PipelineResult result)
    {
        try
        {
            KeyValuePair<string, object?> told = new("cicd.pipeline.result", ResultOf(result.Outcome));
            PipelineDiagnostics.ActiveRuns.Add(-1, Pipeline, Executing);
            PipelineDiagnostics.RunDuration.Record(result.Duration.TotalSeconds, Pipeline, told);
            if (result.Outcome.IsFailed())
            {
                PipelineDiagnostics.RunErrors.Add(1, Pipeline, new("error.type", result.RootCauses.FirstOrDefault()?.Error?.Type ?? ResultOf(result.Outcome)));
            }

            LogLevel level = LevelOf(result.Outcome);
            if (_logger?.IsEnabled(level) == true)
            {
                RunLog.RunFinished(_logger, level, setup.Pipeline.Name, setup.RunId, result.Outcome, result.Duration);
            }

            End(_run, result.Outcome, result.Reason ?? result.RootCauses.FirstOrDefault()?.Reason, "cicd.pipeline.result");
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    /// <summary>Begins the span of a job, which is the current one for the job's code.</summary>
    internal void JobStarted(JobState job, int attempt)
    {
        try
        {
            if (_logger is not null)
            {
                RunLog.JobStarted(_logger, job.Job.Name, attempt);
            }

            if (PipelineDiagnostics.Source.HasListeners())
            {
                Activity? activity = PipelineDiagnostics.Source.StartActivity(job.Job.Name, ActivityKind.Internal, _run?.Context ?? default);
                activity?.SetTag("cicd.pipeline.task.name", job.Job.Name).SetTag("cicd.pipeline.task.run.id", $"{setup.RunId}/{job.Job.Name}/{attempt}");
                job.Work.Activity = activity;
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    internal void JobRetried(JobState job, int attempt, JobError error)
    {
        try
        {
            if (_logger is not null)
            {
                RunLog.JobRetried(_logger, job.Job.Name, attempt, error.Message);
            }

            End(job.WorkIfAny?.Activity, Outcome.Failure, error.Message, "cicd.pipeline.task.run.result", error.Type);
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    internal void JobFinished(JobState job, JobResult result)
    {
        try
        {
            LogLevel level = LevelOf(result.Outcome);
            if (job.Record is null && _logger?.IsEnabled(level) == true)
            {
                RunLog.JobFinished(_logger, level, result.Name, result.Outcome, result.Duration, result.Reason);
            }

            End(job.WorkIfAny?.Activity, result.Outcome, result.Reason, "cicd.pipeline.task.run.result", result.Error?.Type);
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    internal void WorkspaceKept(string path, Exception error)
    {
        try
        {
            if (_logger is not null)
            {
                RunLog.WorkspaceKept(_logger, setup.RunId, path, error.Message);
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    /// <summary>Tells that code which a job registered with its token failed when it was told to stop.</summary>
    internal void CallbackFailed(Exception error)
    {
        try
        {
            if (_logger is not null)
            {
                RunLog.CallbackFailed(_logger, setup.RunId, setup.Masker.Mask(error.GetBaseException().Message));
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    internal void InboxUnreadable(Exception error)
    {
        try
        {
            if (_logger is not null)
            {
                RunLog.InboxUnreadable(_logger, setup.RunId, setup.Masker.Mask(error.Message));
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    internal void DecisionRefused(string messageId, Exception error)
    {
        try
        {
            if (_logger is not null)
            {
                RunLog.DecisionRefused(_logger, setup.RunId, messageId, setup.Masker.Mask(error.Message));
            }
        }
        catch (Exception e)
        {
            Broke(e);
        }
    }

    private void Broke(Exception error) => Interlocked.CompareExchange(ref _error, error, null);

    private static KeyValuePair<string, object?> Executing { get; } = new("cicd.pipeline.run.state", "executing");

    private KeyValuePair<string, object?> Pipeline => new("cicd.pipeline.name", setup.Pipeline.Name);

    private static LogLevel LevelOf(Outcome outcome) => outcome.IsFailed() ? LogLevel.Error : outcome is Outcome.Unstable or Outcome.Cancelled ? LogLevel.Warning : LogLevel.Information;

    private static void End(Activity? activity, Outcome outcome, string? reason, string resultName, string? errorType = null)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag(resultName, ResultOf(outcome));
        if (outcome.IsFailed())
        {
            activity.SetTag("error.type", errorType ?? ResultOf(outcome)).SetStatus(ActivityStatusCode.Error, reason);
        }

        activity.Dispose();
    }

    private static string ResultOf(Outcome outcome) => outcome switch
    {
        Outcome.Success or Outcome.Unstable => "success",
        Outcome.Failure => "failure",
        Outcome.TimedOut => "timeout",
        Outcome.Cancelled => "cancellation",
        _ => "skip",
    };
}

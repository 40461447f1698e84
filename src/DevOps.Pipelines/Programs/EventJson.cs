using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Tells of a run as one JSON object a line.</summary>
internal sealed class EventJson(TextWriter output) : IProgress<PipelineEvent>
{
    private readonly Lock _lock = new();

    public void Report(PipelineEvent value)
    {
        string line = JsonText.Line(json => Write(json, value)) + "\n";
        lock (_lock)
        {
            output.Write(line);
            output.Flush();
        }
    }

    private static void Write(Utf8JsonWriter json, PipelineEvent happened)
    {
        json.WriteString("event", Name(happened));
        json.WriteTime("at", happened.At);
        if (happened is JobEvent { Job: var job })
        {
            json.WriteString("job", job);
        }

        switch (happened)
        {
            case RunStarted started:
                json.WriteString("runId", started.RunId);
                json.WriteString("pipeline", started.Pipeline);
                json.WriteTexts("jobs", started.Jobs);
                break;
            case RunFinished finished:
                json.WriteStartObject("result");
                ProgramJson.WriteResult(json, finished.Result);
                json.WriteEndObject();
                break;
            case JobQueued queued:
                json.WriteString("for", queued.For);
                break;
            case JobStarted started:
                json.WriteNumber("attempt", started.Attempt);
                break;
            case JobRetried retried:
                json.WriteNumber("attempt", retried.Attempt);
                json.WriteString("message", retried.Error.Message);
                json.WriteSeconds("delaySeconds", retried.Delay);
                break;
            case JobLogged logged:
                json.WriteString("source", logged.Line.Source switch { LogSource.Output => "output", LogSource.Error => "error", _ => "job" });
                json.WriteString("text", logged.Line.Text);
                break;
            case JobStatusChanged changed:
                json.WriteString("status", changed.Status);
                break;
            case StepStarted step:
                json.WriteString("step", step.Step);
                break;
            case StepFinished { Result: var step }:
                json.WriteString("step", step.Name);
                json.WriteOutcome("outcome", step.Outcome);
                json.WriteSeconds("durationSeconds", step.Duration);
                json.WriteText("reason", step.Reason);
                break;
            case JobsAdded added:
                json.WriteTexts("added", added.Added);
                break;
            case ApprovalRequested { Approval: var approval }:
                json.WriteString("message", approval.Message);
                json.WriteTexts("from", approval.From);
                json.WriteNumber("quorum", approval.Quorum);
                json.WriteTime("expiresAt", approval.ExpiresAt);
                break;
            case ApprovalDecided { Decision: var decision }:
                json.WriteString("by", decision.By);
                json.WriteString("verdict", decision.Verdict == ApprovalVerdict.Approve ? "approve" : "reject");
                json.WriteText("comment", decision.Comment);
                break;
            case JobFinished finished:
                json.WriteStartObject("result");
                ProgramJson.WriteJob(json, finished.Result);
                json.WriteEndObject();
                break;
        }
    }

    private static string Name(PipelineEvent happened) => happened switch
    {
        RunStarted => "runStarted",
        RunFinished => "runFinished",
        JobQueued => "jobQueued",
        JobStarted => "jobStarted",
        JobRetried => "jobRetried",
        JobLogged => "jobLogged",
        JobStatusChanged => "jobStatus",
        StepStarted => "stepStarted",
        StepFinished => "stepFinished",
        JobsAdded => "jobsAdded",
        ApprovalRequested => "approvalRequested",
        ApprovalDecided => "approvalDecided",
        JobFinished => "jobFinished",
        _ => "other",
    };
}

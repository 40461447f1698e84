using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>The documents about earlier runs that <c>--json</c> writes. Members are only ever added.</summary>
internal static class RunJson
{
    internal static string Runs(IEnumerable<RecordedRun> runs) => JsonText.Document(json =>
    {
        json.WriteStartArray("runs");
        foreach (RecordedRun run in runs)
        {
            json.WriteStartObject();
            WriteHead(json, run);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    internal static string Show(RecordedRun run, IReadOnlyList<ApprovalMessage> posted) => JsonText.Document(json =>
    {
        WriteHead(json, run);
        json.WriteMap("parameters", run.Parameters);
        json.WriteTexts("planned", run.Planned);
        json.WriteStartArray("jobs");
        foreach (JobResult job in run.Jobs)
        {
            json.WriteStartObject();
            ProgramJson.WriteJob(json, job);
            json.WriteEndObject();
        }

        WriteOpen(json, run);
        json.WriteEndArray();
        json.WriteStartArray("inDoubt");
        foreach (InDoubtJob job in run.InDoubt)
        {
            json.WriteStartObject();
            json.WriteString("job", job.Job);
            json.WriteNumber("attempt", job.Attempt);
            json.WriteTime("startedAt", job.StartedAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteApprovals(json, run, posted);
    });

    // Jobs without an outcome: the run has not come so far.
    private static void WriteOpen(Utf8JsonWriter json, RecordedRun run)
    {
        HashSet<string> told = new(run.Jobs.Select(job => job.Name), StringComparer.OrdinalIgnoreCase);
        HashSet<string> begun = new(run.InDoubt.Select(job => job.Job), StringComparer.OrdinalIgnoreCase);
        HashSet<string> waiting = new(run.Waiting.Select(approval => approval.Job), StringComparer.OrdinalIgnoreCase);
        foreach (string name in run.Planned.Concat(begun).Concat(waiting).Where(told.Add))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("state", waiting.Contains(name) ? "waiting" : begun.Contains(name) ? "started" : "notReached");
            json.WriteEndObject();
        }
    }

    private static void WriteApprovals(Utf8JsonWriter json, RecordedRun run, IReadOnlyList<ApprovalMessage> posted)
    {
        json.WriteStartArray("approvals");
        foreach (RecordedApproval approval in run.Approvals)
        {
            json.WriteStartObject();
            json.WriteString("job", approval.Job);
            json.WriteTime("requestedAt", approval.RequestedAt);
            json.WriteStartArray("decisions");
            foreach (ApprovalDecision decision in approval.Decisions)
            {
                WriteDecision(json, decision);
            }

            json.WriteEndArray();
            json.WriteStartArray("posted");
            foreach (ApprovalMessage message in posted.Where(message => message.IsFor(approval.Job)))
            {
                WriteDecision(json, message.Decision);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDecision(Utf8JsonWriter json, ApprovalDecision decision)
    {
        json.WriteStartObject();
        json.WriteString("by", decision.By);
        json.WriteTexts("groups", decision.Groups.IsDefault ? [] : decision.Groups);
        json.WriteString("verdict", decision.Verdict == ApprovalVerdict.Approve ? "approve" : "reject");
        json.WriteText("comment", decision.Comment);
        json.WriteMap("inputs", decision.Inputs);
        json.WriteTime("at", decision.At);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, RecordedRun run)
    {
        json.WriteString("runId", run.RunId);
        json.WriteString("pipeline", run.Pipeline);
        json.WriteTime("startedAt", run.StartedAt);
        json.WriteTime("finishedAt", run.FinishedAt);
        json.WriteOutcome("outcome", run.Outcome);
        json.WriteText("reason", run.Reason);
        json.WriteText("restartOf", run.RestartOf);
        json.WriteTexts("waiting", run.Waiting.Select(approval => approval.Job));
        json.WriteText("problem", run.Problem);
    }
}

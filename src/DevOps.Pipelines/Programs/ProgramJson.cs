using System.Collections.Immutable;
using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>The documents that <c>--json</c> writes. Members are only ever added.</summary>
internal static class ProgramJson
{
    internal static string List(Pipeline pipeline, IEnumerable<Job> jobs) => JsonText.Document(json =>
    {
        json.WriteString("pipeline", pipeline.Name);
        json.WriteTexts("stages", pipeline.Stages.Select(stage => stage.Name));
        json.WriteStartArray("jobs");
        foreach (Job job in jobs)
        {
            json.WriteStartObject();
            json.WriteString("name", job.Name);
            json.WriteString("kind", job.Kind switch { JobKind.Approval => "approval", JobKind.Group => "group", _ => "job" });
            json.WriteText("stage", job.Stage?.Name);
            json.WriteText("description", job.Description);
            json.WriteTexts("needs", job.Needed.Select(needed => needed.Name));
            json.WriteTexts("after", job.Edges.Where(edge => edge.Kind == EdgeKind.Order).Select(edge => edge.Job.Name));
            json.WriteBoolean("runsAlways", job.Settings.RunsAlways);
            json.WriteBoolean("atTheEnd", job.Settings.IsFinal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("parameters");
        foreach (Parameter parameter in pipeline.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("kind", parameter.Kind);
            json.WriteString("description", parameter.Description);
            json.WriteBoolean("required", parameter.IsRequired);
            json.WriteBoolean("secret", parameter.IsSecret);
            json.WriteText("default", parameter.DefaultText);
            json.WriteTexts("choices", parameter.Choices);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    internal static string Plan(PipelinePlan plan, ImmutableDictionary<string, string> parameters) => JsonText.Document(json =>
    {
        json.WriteString("pipeline", plan.Pipeline);
        json.WriteMap("parameters", parameters);
        json.WriteStartArray("jobs");
        foreach (PlannedJob job in plan.Jobs)
        {
            json.WriteStartObject();
            json.WriteString("name", job.Name);
            json.WriteText("stage", job.Stage);
            json.WriteText("description", job.Description);
            json.WriteTexts("needs", job.Needs);
            json.WriteTexts("after", job.After);
            json.WriteString("why", job.Why);
            json.WriteText("skipReason", job.SkipReason);
            json.WriteTexts("openConditions", job.OpenConditions);
            json.WriteBoolean("runsAlways", job.RunsAlways);
            json.WriteBoolean("atTheEnd", job.IsFinal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    internal static void WriteResult(Utf8JsonWriter json, PipelineResult result)
    {
        json.WriteString("runId", result.RunId);
        json.WriteString("pipeline", result.Pipeline);
        json.WriteOutcome("outcome", result.Outcome);
        json.WriteText("reason", result.Reason);
        json.WriteTime("startedAt", result.StartedAt);
        json.WriteSeconds("durationSeconds", result.Duration);
        json.WriteTexts("waiting", result.Waiting.Select(approval => approval.Job));
        json.WriteTexts("rootCauses", result.RootCauses.Select(job => job.Name));
        json.WriteTexts("longestWay", RunSummary.CriticalPath(result).Select(job => job.Name));
        WriteJobs(json, result.Jobs);
    }

    internal static void WriteJob(Utf8JsonWriter json, JobResult job)
    {
        json.WriteString("name", job.Name);
        json.WriteText("stage", job.Stage);
        json.WriteOutcome("outcome", job.Outcome);
        json.WriteOutcome("countsAs", job.CountsAs);
        json.WriteTexts("needs", job.Needs);
        json.WriteTime("startedAt", job.StartedAt);
        json.WriteSeconds("durationSeconds", job.Duration);
        json.WriteText("reason", job.Reason);
        json.WriteBoolean("restored", job.IsRestored);
        json.WriteNumber("attempts", Math.Max(job.Attempts.Length, job.StartedAt is null ? 0 : 1));
        if (job.Error is { } error)
        {
            json.WriteStartObject("error");
            json.WriteString("type", error.Type);
            json.WriteString("message", error.Message);
            if (error.ExitCode is { } code)
            {
                json.WriteNumber("exitCode", code);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteJobs(Utf8JsonWriter json, ImmutableArray<JobResult> jobs)
    {
        json.WriteStartArray("jobs");
        foreach (JobResult job in jobs)
        {
            json.WriteStartObject();
            WriteJob(json, job);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

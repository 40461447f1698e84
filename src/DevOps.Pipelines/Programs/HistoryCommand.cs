namespace DevOps.Pipelines;

/// <summary>Shows earlier runs.</summary>
internal static class HistoryCommand
{
    private const int DefaultMax = 20;

    internal static async Task<int> RunsAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        RunQuery query = new() { Max = context.Arguments.Max ?? DefaultMax };
        List<RecordedRun> runs = [];
        await foreach (RecordedRun run in context.Store.ListRunsAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            // A store may keep runs of several pipelines; what cannot be read may be one of this.
            if (run.Pipeline == context.Pipeline.Name || run.Problem is not null)
            {
                runs.Add(run);
                if (runs.Count == query.Max)
                {
                    break;
                }
            }
        }

        IEnumerable<string> lines = context.IsJson ? [RunJson.Runs(runs)] : runs.Count == 0 ? ["no runs"] : runs.Select(Line);
        await context.WriteLinesAsync(lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> ShowAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        RecordedRun run = await NamedRuns.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ApprovalMessage> posted = await PostedDecisions.ReadAsync(context.Store, run, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            await context.WriteLinesAsync([RunJson.Show(run, posted)]).ConfigureAwait(false);
            return ProgramExit.Success;
        }

        List<string> lines = [Line(run)];
        lines.AddRange(run.RestartOf is { } before ? [$"  restart of {before}"] : []);
        lines.AddRange(run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"  {ViewText.Line(pair.Key)} = {ViewText.Line(pair.Value)}"));
        int width = run.Planned.Concat(run.Jobs.Select(job => job.Name)).Select(name => Math.Min(ViewText.Line(name).Length, 30)).DefaultIfEmpty(0).Max();
        Dictionary<string, string> told = run.Jobs.ToDictionary(job => job.Name, job => EventLines.Ended(job, ViewOptions.Default), StringComparer.OrdinalIgnoreCase);
        foreach (InDoubtJob job in run.InDoubt)
        {
            told.TryAdd(job.Job, $"started {Time(job.StartedAt)} and has not ended");
        }

        foreach (WaitingApproval approval in run.Waiting)
        {
            told.TryAdd(approval.Job, $"waits for approval since {Time(approval.RequestedAt)}");
        }

        foreach (string name in run.Planned.Concat(told.Keys).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            lines.Add($"  {ViewText.Line(name).PadRight(width)}  {told.GetValueOrDefault(name, run.Outcome is null ? "not reached" : "did not run")}");
            lines.AddRange(run.Approvals.Where(approval => string.Equals(approval.Job, name, StringComparison.OrdinalIgnoreCase)).SelectMany(approval => approval.Decisions).Select(decision => $"  {new string(' ', width)}  {DecisionText.Told(decision)}"));
            lines.AddRange(posted.Where(message => message.IsFor(name)).Select(message => $"  {new string(' ', width)}  {DecisionText.Posted(message.Decision)}"));
        }

        lines.AddRange(run.Waiting.Where(approval => !posted.Any(message => message.IsFor(approval.Job))).Select(approval => $"approve with: {ApprovalText.Command(context.Calls.Command, "approve", run.RunId, approval.Job)}"));
        lines.AddRange(run.Outcome is null ? [$"unless a process works on it, go on with: {context.Calls.Command} --resume {run.RunId}"] : []);
        await context.WriteLinesAsync(lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> ExplainAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        RecordedRun run = await NamedRuns.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> lines = RecordedExplanation.Explain(run, await PostedDecisions.ReadAsync(context.Store, run, cancellationToken).ConfigureAwait(false), context.Arguments.Job);
        await context.WriteLinesAsync(context.IsJson ? [JsonText.Document(json => json.WriteTexts("explanation", lines))] : lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    private static string Line(RecordedRun run)
    {
        string outcome = run switch
        {
            { Problem: not null } => "cannot be read",
            { Outcome: { } ended } => ViewText.Word(ended),
            { Waiting.Length: > 0 } => "waits",
            _ => "has not ended",
        };
        string time = run is { StartedAt: { } start, FinishedAt: { } end } ? TimeText.Write(end > start ? end - start : TimeSpan.Zero) : "";
        string why = run.Problem ?? run.Reason ?? FirstFailure(run);
        return $"{run.RunId}  {Time(run.StartedAt)}  {outcome,-14}  {time,-12}  {ViewText.FirstLine(why)}".TrimEnd();
    }

    private static string FirstFailure(RecordedRun run) => run.Jobs.Where(job => job.Outcome.IsFailed() && job.StartedAt is not null).MinBy(job => job.StartedAt + job.Duration) is { } failed
        ? $"{failed.Name}: {failed.Reason}"
        : "";

    private static string Time(DateTimeOffset? at) => at is { } time ? TimeText.WriteTime(time) : new(' ', 23);
}

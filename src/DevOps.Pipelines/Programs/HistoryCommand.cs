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

        IEnumerable<string> lines = context.IsJson ? [ProgramJson.Runs(runs)] : runs.Count == 0 ? ["no runs"] : runs.Select(Line);
        await context.WriteLinesAsync(lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> ShowAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        RecordedRun run = await context.Store.ReadRunAsync(context.NamedRun, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            await context.WriteLinesAsync([ProgramJson.Show(run)]).ConfigureAwait(false);
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
        }

        lines.AddRange(run.Waiting.Select(approval => $"approve with: {ApprovalText.Command(context.Calls.Command, "approve", run.RunId, approval.Job)}"));
        await context.WriteLinesAsync(lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> ExplainAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        RecordedRun run = await context.Store.ReadRunAsync(context.NamedRun, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> lines = RecordedExplanation.Explain(run, context.Arguments.Job);
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

    private static string Time(DateTimeOffset? at) => at is { } time ? $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : new(' ', 23);
}

namespace DevOps.Pipelines;

/// <summary>Tells events as lines.</summary>
internal static class EventLines
{
    internal const int MaxFailedLines = 200;

    /// <summary>Returns the lines of an event; none for what only the live view shows.</summary>
    internal static IEnumerable<string> Of(PipelineEvent happened, RunningJobs jobs, ViewOptions options) => happened switch
    {
        RunStarted started => [$"{ViewText.Line(started.Pipeline)}: run {started.RunId} of {Counted(started.Jobs.Length)}"],
        RunFinished finished => ["", .. RunSummary.Lines(finished.Result, options)],
        JobEvent job => Texts(job, jobs, options).Select(text => $"{ViewText.Line(job.Job).PadRight(jobs.NameWidth)}  {text}".TrimEnd()),
        _ => [],
    };

    private static IEnumerable<string> Texts(JobEvent happened, RunningJobs jobs, ViewOptions options)
    {
        switch (happened)
        {
            case JobQueued queued:
                return [$"waits for {ViewText.Line(queued.For)}"];
            case JobStarted started:
                return [started.Attempt == 1 ? "started" : $"started, attempt {started.Attempt}"];
            case JobRetried retried:
                return [$"attempt {retried.Attempt} failed and is tried again{(retried.Delay > TimeSpan.Zero ? $" in {TimeText.Write(retried.Delay)}" : "")}: {ViewText.FirstLine(retried.Error.Message)}"];
            case JobLogged logged when logged.Line.Source == LogSource.Job || options.Output == ShownOutput.OfAllJobs:
                return [ViewText.Line(logged.Line.Text)];
            case StepStarted step:
                return [$"step {ViewText.Line(step.Step)}"];
            case JobsAdded added:
                return [$"adds {Counted(added.Added.Length)}: {string.Join(", ", added.Added.Take(20).Select(ViewText.Line))}{(added.Added.Length > 20 ? ", …" : "")}"];
            case ApprovalRequested asked:
                return ApprovalText.Lines(asked.Approval, jobs.RunId, options);
            case ApprovalDecided { Decision: var decision }:
                return [$"{(decision.Verdict == ApprovalVerdict.Approve ? "approved" : "rejected")} by {ViewText.Line(decision.By)}{(decision.Comment is { Length: > 0 } comment ? $": {ViewText.Line(comment)}" : "")}"];
            case JobFinished { Result: var result }:
                return [.. FailedOutput(result, options), Ended(result, options)];
            default:
                return [];
        }
    }

    internal static string Ended(JobResult result, ViewOptions options)
    {
        string word = ViewText.Colored(ViewText.Word(result.Outcome), result.Outcome, options);
        string time = result.StartedAt is null ? "" : result.IsRestored ? " before, not run again" : $" in {TimeText.Write(result.Duration)}";
        return $"{word}{time}{(result.Reason is { Length: > 0 } reason ? $": {ViewText.FirstLine(reason)}" : "")}";
    }

    private static IEnumerable<string> FailedOutput(JobResult result, ViewOptions options)
    {
        if (!result.Outcome.IsFailed() || options.Output == ShownOutput.OfAllJobs)
        {
            return [];
        }

        LogLine[] lines = [.. result.Log.Where(line => line.Source != LogSource.Job)];
        IEnumerable<string> shown = lines.TakeLast(MaxFailedLines).Select(line => $"| {ViewText.Line(line.Text)}");
        return lines.Length > MaxFailedLines ? shown.Prepend($"| … {lines.Length - MaxFailedLines} lines before") : shown;
    }

    internal static string Counted(int count) => count == 1 ? "1 job" : $"{count} jobs";
}

namespace DevOps.Pipelines;

/// <summary>Tells why a job of a recorded run ended as it did.</summary>
internal static class RunExplanation
{
    /// <exception cref="PlanException">The run has no such job.</exception>
    internal static IReadOnlyList<string> Explain(RecordedRun run, string name)
    {
        List<string> lines = [];
        HashSet<string> told = new(StringComparer.OrdinalIgnoreCase);
        Queue<string> open = new([name]);
        while (open.TryDequeue(out string? next))
        {
            if (!told.Add(next))
            {
                continue;
            }

            if (run.Jobs.FirstOrDefault(job => string.Equals(job.Name, next, StringComparison.OrdinalIgnoreCase)) is not { } job)
            {
                lines.Add(Unfinished(run, next));
                continue;
            }

            lines.Add($"'{ViewText.Line(job.Name)}' {job.Outcome.Told()}{(job.Reason is { Length: > 0 } reason ? $": {ViewText.Line(reason)}" : "")}");
            lines.AddRange(job.Attempts.Select(attempt => $"    attempt {attempt.Number} {attempt.Outcome.Told()}{(attempt.Error is { } error ? $": {ViewText.FirstLine(error.Message)}" : "")}"));
            if (!job.Outcome.IsGood())
            {
                foreach (string needed in job.Needs)
                {
                    open.Enqueue(needed);
                }
            }
        }

        return lines;
    }

    private static string Unfinished(RecordedRun run, string name)
    {
        if (run.InDoubt.FirstOrDefault(job => string.Equals(job.Job, name, StringComparison.OrdinalIgnoreCase)) is { } begun)
        {
            return $"'{ViewText.Line(begun.Job)}' started, attempt {begun.Attempt}, and has not ended";
        }

        if (run.Waiting.FirstOrDefault(approval => string.Equals(approval.Job, name, StringComparison.OrdinalIgnoreCase)) is { } waiting)
        {
            return $"'{ViewText.Line(waiting.Job)}' waits for people to decide";
        }

        return run.Planned.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"'{ViewText.Line(name)}' was not started: what it waits for did not end well, or has not ended"
            : throw new PlanException($"The run '{run.RunId}' has no job '{ViewText.Line(name)}'.{Suggestion.For(name, run.Planned)}");
    }
}

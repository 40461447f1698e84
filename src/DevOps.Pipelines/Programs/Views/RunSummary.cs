namespace DevOps.Pipelines;

/// <summary>Tells how a run ended: a table of its jobs, first those it failed of, and the jobs that decided how long it took.</summary>
internal static class RunSummary
{
    private const int MaxJobs = 200;

    internal static IEnumerable<string> Lines(PipelineResult result, ViewOptions options)
    {
        HashSet<JobResult> causes = new(result.RootCauses, ReferenceEqualityComparer.Instance);
        JobResult[] jobs = [.. result.RootCauses, .. result.Jobs.Where(job => !causes.Contains(job))];
        int name = jobs.Select(job => Math.Min(ViewText.Line(job.Name).Length, 30)).Append(3).Max();
        List<string> lines = [$"{"job".PadRight(name)}  outcome    {"time",-12}  reason"];
        foreach (JobResult job in jobs.Take(MaxJobs))
        {
            string word = Word(job, result);
            string time = job.StartedAt is null ? "" : job.IsRestored ? "before" : TimeText.Write(job.Duration);
            string reason = ViewText.Fit(ViewText.FirstLine(job.Reason), Math.Max(20, options.Width - name - 27));
            lines.Add($"{ViewText.Line(job.Name).PadRight(name)}  {ViewText.Colored(word, job.Outcome, options)}{new string(' ', 11 - word.Length)}{time,-12}  {reason}".TrimEnd());
        }

        if (jobs.Length > MaxJobs)
        {
            lines.Add($"… and {jobs.Length - MaxJobs} more jobs");
        }

        lines.Add("");
        if (CriticalPath(result) is { Length: > 1 } path)
        {
            lines.Add($"longest way: {string.Join(" -> ", path.Select(job => $"{ViewText.Line(job.Name)} ({TimeText.Write(job.Duration)})"))}");
        }

        string ended = result.Waiting.IsEmpty ? ViewText.Colored(ViewText.Word(result.Outcome), result.Outcome, options) : $"waits for {string.Join(", ", result.Waiting.Select(waiting => ViewText.Line(waiting.Job)))}";
        lines.Add($"{ViewText.Line(result.Pipeline)}: {ended} after {TimeText.Write(result.Duration)}{(result.Reason is { Length: > 0 } why ? $": {ViewText.FirstLine(why)}" : "")} (run {result.RunId})");
        return lines;
    }

    // A run that was left has jobs that did not come to an end.
    private static string Word(JobResult job, PipelineResult result) =>
        result.Waiting.Any(waiting => waiting.Job == job.Name) ? "waits" : !result.Waiting.IsEmpty && job is { Outcome: Outcome.Skipped, Reason: null } ? "not yet" : ViewText.Word(job.Outcome);

    /// <summary>Returns the jobs that decided how long the run took, in order: from the one that ended last back over what each waited for last.</summary>
    internal static JobResult[] CriticalPath(PipelineResult result)
    {
        Dictionary<string, JobResult> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (JobResult job in result.Jobs)
        {
            byName.TryAdd(job.Name, job);
        }

        Stack<JobResult> path = new();
        JobResult? at = result.Jobs.Where(job => job.StartedAt is not null && !job.IsRestored).MaxBy(job => job.StartedAt + job.Duration);
        while (at is not null)
        {
            if (at.StartedAt is not null && !at.IsRestored)
            {
                path.Push(at);
            }

            // A name is taken out when it is passed, so that no record of any store can lead in a circle.
            byName.Remove(at.Name);
            at = at.LastNeed is { } last ? byName.GetValueOrDefault(last) : null;
        }

        return [.. path];
    }
}

namespace DevOps.Pipelines;

/// <summary>Tells why a job of a recorded run ended as it did, or why it has not.</summary>
internal static class RecordedExplanation
{
    /// <exception cref="PlanException">The run has no such job.</exception>
    internal static IReadOnlyList<string> Explain(RecordedRun run, IReadOnlyList<ApprovalMessage> posted, string name) =>
        [.. ExplainJob(run, name), .. ExplainApproval(run, posted, name)];

    private static IReadOnlyList<string> ExplainJob(RecordedRun run, string name)
    {
        if (run.Jobs.Any(job => Is(job.Name, name)))
        {
            PipelineResult result = new()
            {
                RunId = run.RunId,
                Pipeline = run.Pipeline,
                Outcome = run.Outcome ?? Outcome.Cancelled,
                StartedAt = run.StartedAt ?? default,
                Duration = TimeSpan.Zero,
                Jobs = run.Jobs,
            };
            return [.. result.Explain(name).TrimEnd('\n').Split('\n').Select(ViewText.Line)];
        }

        if (run.InDoubt.FirstOrDefault(job => Is(job.Job, name)) is { } begun)
        {
            return [$"'{ViewText.Line(begun.Job)}' started, attempt {begun.Attempt}, and has not ended"];
        }

        if (run.Waiting.FirstOrDefault(approval => Is(approval.Job, name)) is { } waiting)
        {
            return [$"'{ViewText.Line(waiting.Job)}' waits for people to decide"];
        }

        return run.Planned.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? [$"'{ViewText.Line(name)}' was not started: what it waits for did not end well, or has not ended"]
            : throw new PlanException($"The run '{run.RunId}' has no job '{ViewText.Line(name)}'{SimilarNames.Hint(name, run.Planned)}.");
    }

    private static IEnumerable<string> ExplainApproval(RecordedRun run, IReadOnlyList<ApprovalMessage> posted, string name)
    {
        foreach (RecordedApproval approval in run.Approvals.Where(approval => Is(approval.Job, name)))
        {
            yield return $"  people were asked at {TimeText.WriteTime(approval.RequestedAt)}";
            foreach (ApprovalDecision decision in approval.Decisions)
            {
                yield return $"  {DecisionText.Told(decision)}{(decision.At is { } at && at >= approval.RequestedAt ? $", {TimeText.Write(at - approval.RequestedAt)} after people were asked" : "")}";
            }
        }

        foreach (ApprovalMessage message in posted.Where(message => message.IsFor(name)))
        {
            yield return $"  {DecisionText.Posted(message.Decision)}";
        }
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

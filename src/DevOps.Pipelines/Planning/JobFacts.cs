namespace DevOps.Pipelines;

/// <summary>Says in a few words what is set for a job, for lists and plans.</summary>
internal static class JobFacts
{
    internal static string When(bool runsAlways, bool isFinal) => (runsAlways, isFinal) switch
    {
        (true, true) => "runs always, at the end",
        (true, false) => "runs always",
        (false, true) => "runs at the end",
        _ => "",
    };

    /// <summary>Returns all that decides when the job runs, how often and how long.</summary>
    internal static IEnumerable<string> Of(Job job)
    {
        JobSettings settings = job.Settings;
        if (settings.Approval is { } approval)
        {
            yield return $"approval{(approval.From.IsEmpty ? "" : $" from {string.Join(" or ", approval.From)}")}{(approval.Quorum > 1 ? $", by {approval.Quorum} persons" : "")}{(approval.Within is { } within ? $", within {TimeText.Write(within)}" : "")}";
        }

        if (job.Kind == JobKind.Group)
        {
            yield return "adds jobs";
        }

        if (!job.Needed.IsEmpty)
        {
            yield return $"needs {string.Join(", ", job.Needed.Select(needed => needed.Name))}";
        }

        if (job.Edges.Where(edge => edge.Kind == EdgeKind.Order).Select(edge => edge.Job.Name).ToArray() is { Length: > 0 } after)
        {
            yield return $"after {string.Join(", ", after)}";
        }

        if (When(settings.RunsAlways, settings.IsFinal) is { Length: > 0 } when)
        {
            yield return when;
        }

        if (settings.Timeout is { } timeout)
        {
            yield return $"at most {TimeText.Write(timeout)}";
        }

        if (settings.Retry is { MaxRetries: > 0 } retry)
        {
            yield return retry.MaxRetries == 1 ? "1 retry" : $"{retry.MaxRetries} retries";
        }

        if (settings.Tolerance is { } tolerance)
        {
            yield return tolerance.ExitCodes.IsDefaultOrEmpty ? "failure tolerated" : $"exit codes {string.Join(", ", tolerance.ExitCodes)} tolerated";
        }
    }
}

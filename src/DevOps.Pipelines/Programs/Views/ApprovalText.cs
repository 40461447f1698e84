namespace DevOps.Pipelines;

/// <summary>Tells people what they are asked, and what to type.</summary>
internal static class ApprovalText
{
    internal static IEnumerable<string> Lines(PendingApproval approval, string runId, ViewOptions options)
    {
        List<string> lines = [$"waits for approval{Who(approval)}{(approval.Message.Length > 0 ? $": {ViewText.FirstLine(approval.Message)}" : "")}"];
        if (options.Command is { } command)
        {
            lines.Add($"approve with: {Command(command, "approve", runId, approval.Job)}");
            lines.Add($"reject with:  {Command(command, "reject", runId, approval.Job)}");
        }

        if (options.TellsOfLeaving)
        {
            lines.Add("this program waits until then; with '--leave-at-approval' it ends here, and '--resume' goes on");
        }

        return lines;
    }

    internal static string Command(string command, string verb, string runId, string job) => $"{command} {verb} {runId} {Quoted(job)} --by NAME";

    private static string Who(PendingApproval approval)
    {
        string from = approval.From.IsEmpty ? "" : $" from {string.Join(" or ", approval.From.Select(ViewText.Line))}";
        string quorum = approval.Quorum > 1 ? $", {approval.Decisions.Count(decision => decision.Verdict == ApprovalVerdict.Approve)} of {approval.Quorum}" : "";
        return $"{from}{quorum}{(approval.ExpiresAt is { } until ? $", until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "")}";
    }

    // As a shell of POSIX reads it.
    internal static string Quoted(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':') ? text : $"'{ViewText.Line(text).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

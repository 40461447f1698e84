namespace DevOps.Pipelines;

/// <summary>Tells people of decisions.</summary>
internal static class DecisionText
{
    internal static string Told(ApprovalDecision decision)
    {
        string groups = decision.Groups.IsDefaultOrEmpty ? "" : $" of {string.Join(", ", decision.Groups.Select(ViewText.Line))}";
        string at = decision.At is { } time ? $" at {TimeText.WriteTime(time)}" : "";
        return $"{(decision.Verdict == ApprovalVerdict.Approve ? "approved" : "rejected")} by '{ViewText.Line(decision.By)}'{groups}{at}{(decision.Comment is { Length: > 0 } comment ? $": {ViewText.FirstLine(comment)}" : "")}";
    }

    internal static string Posted(ApprovalDecision decision) => $"{Told(decision)} (posted, not yet taken by the run)";
}

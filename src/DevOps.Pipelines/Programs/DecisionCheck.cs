using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Tells a person at once whether a decision would count. The run checks again.</summary>
internal static class DecisionCheck
{
    internal static ApprovalOptions? OptionsOf(Pipeline pipeline, string job) => pipeline.Jobs.FirstOrDefault(known => string.Equals(known.Name, job, StringComparison.OrdinalIgnoreCase))?.Settings.Approval;

    /// <exception cref="ApprovalException">The person may not decide, or the time is over.</exception>
    /// <exception cref="UsageException">What was filled in does not fit.</exception>
    internal static void Check(WaitingApproval approval, ApprovalOptions asked, ApprovalDecision decision)
    {
        string job = ViewText.Line(approval.Job);
        if (asked.Within is { } within && within < DateTimeOffset.MaxValue - approval.RequestedAt && approval.RequestedAt + within <= decision.At)
        {
            throw new ApprovalException($"'{job}' could be decided until {TimeText.WriteTime(approval.RequestedAt + within)}, and that is over: the run counts it as timed out when it goes on.");
        }

        if (!MayDecide(asked, decision))
        {
            string groups = decision.Groups.IsEmpty ? "" : $", also as one of {string.Join(", ", decision.Groups.Select(ViewText.Line))}";
            throw new ApprovalException(
                $"'{ViewText.Line(decision.By)}' may not decide '{job}'{groups}: that is for {string.Join(" or ", asked.From.Select(ViewText.Line))}. Say who decides with '--by NAME', and a group that the person is in with '--group NAME'.");
        }

        if (Problems(approval.Job, asked, decision) is { IsEmpty: false } problems)
        {
            throw new UsageException($"'{job}' cannot be approved with these inputs: {string.Join("; ", problems)}. Fill in what the approval asks for with '--input NAME=VALUE'.");
        }
    }

    /// <exception cref="ApprovalException">It was decided already, or by the same person.</exception>
    internal static void CheckEarlier(WaitingApproval approval, ApprovalOptions asked, IReadOnlyList<ApprovalDecision> posted, ApprovalDecision decision)
    {
        // The run takes the same of what was posted, in the same order.
        List<(ApprovalDecision Decision, bool IsTaken)> earlier = [.. approval.Decisions.Select(taken => (taken, true))];
        foreach (ApprovalDecision other in posted.Where(other => MayDecide(asked, other) && Problems(approval.Job, asked, other).IsEmpty))
        {
            if (!earlier.Any(before => IsSame(before.Decision, other)))
            {
                earlier.Add((other, false));
            }
        }

        string told = string.Join("; ", earlier.Select(before => before.IsTaken ? DecisionText.Told(before.Decision) : DecisionText.Posted(before.Decision)));
        if (earlier.Any(before => before.Decision.Verdict == ApprovalVerdict.Reject) || earlier.Count >= asked.Quorum)
        {
            throw new ApprovalException($"'{ViewText.Line(approval.Job)}' is decided already: {told}. A decision cannot be changed.");
        }

        if (earlier.Any(before => IsSame(before.Decision, decision)))
        {
            throw new ApprovalException($"'{ViewText.Line(approval.Job)}' was decided by '{ViewText.Line(decision.By)}' already: {told}. {asked.Quorum} different persons must approve.");
        }
    }

    private static bool MayDecide(ApprovalOptions asked, ApprovalDecision decision) =>
        asked.From.IsEmpty || (decision.Groups.IsDefault ? [] : decision.Groups).Append(decision.By).Any(name => asked.From.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static bool IsSame(ApprovalDecision one, ApprovalDecision other) => one.Verdict == other.Verdict && string.Equals(one.By, other.By, StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<string> Problems(string job, ApprovalOptions asked, ApprovalDecision decision)
    {
        if (decision.Verdict == ApprovalVerdict.Reject)
        {
            return [];
        }

        try
        {
            ParameterResolver.Resolve(job, asked.Inputs, decision.Inputs);
            return [];
        }
        catch (ParameterException e)
        {
            return [.. e.Problems.Select(problem => problem.Replace("there is no parameter '", "it has no input '", StringComparison.Ordinal))];
        }
    }
}

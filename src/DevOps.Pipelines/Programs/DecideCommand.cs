namespace DevOps.Pipelines;

/// <summary>Decides an approval of a run that another process works on, or that waits for one to take it up.</summary>
internal static class DecideCommand
{
    internal static async Task<int> DecideAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        ProgramArguments arguments = context.Arguments;
        string runId = context.NamedRun;
        RecordedRun run = await context.Store.ReadRunAsync(runId, cancellationToken).ConfigureAwait(false);
        if (run.Waiting.FirstOrDefault(waiting => string.Equals(waiting.Job, arguments.Job, StringComparison.OrdinalIgnoreCase)) is not { } approval)
        {
            throw new ApprovalException($"'{ViewText.Line(arguments.Job)}' in run '{runId}' does not wait for a decision{State(run, arguments.Job)}{SimilarNames.Hint(arguments.Job, run.Waiting.Select(waiting => waiting.Job))}.");
        }

        string by = context.By ?? throw new UsageException("Nobody knows who decides: say it with '--by NAME'.");
        bool approves = arguments.Command == ProgramCommand.Approve;
        ApprovalDecision decision = new()
        {
            By = by,
            Verdict = approves ? ApprovalVerdict.Approve : ApprovalVerdict.Reject,
            Comment = arguments.Comment,
            Inputs = arguments.Inputs,
            At = context.TimeProvider.GetUtcNow(),
        };
        Check(context, run, approval.Job, decision);
        if (context.Store is not IRunInbox inbox)
        {
            throw new ApprovalException("This store takes no decisions from other processes.");
        }

        await inbox.DecideAsync(runId, approval.Job, decision, cancellationToken).ConfigureAwait(false);
        await context.WriteLinesAsync(
        [
            $"{(approves ? "approved" : "rejected")} '{ViewText.Line(approval.Job)}' of run {runId} as {ViewText.Line(by)}",
            $"A process that works on the run takes it up by itself; else go on with: {context.Calls.Command} --resume {runId}",
        ]).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    // The run checks again: this only tells the person at once.
    private static void Check(ProgramContext context, RecordedRun run, string job, ApprovalDecision decision)
    {
        if (run.Pipeline != context.Pipeline.Name || context.Pipeline.Jobs.FirstOrDefault(known => string.Equals(known.Name, job, StringComparison.OrdinalIgnoreCase))?.Settings.Approval is not { } options)
        {
            return;
        }

        if (!options.From.IsEmpty && !options.From.Contains(decision.By, StringComparer.OrdinalIgnoreCase))
        {
            throw new ApprovalException($"'{ViewText.Line(decision.By)}' may not decide '{ViewText.Line(job)}': that is for {string.Join(" or ", options.From.Select(ViewText.Line))}. Say who decides with '--by NAME'.");
        }

        if (decision.Verdict == ApprovalVerdict.Approve)
        {
            ParameterResolver.Resolve(job, options.Inputs, decision.Inputs);
        }
    }

    private static string State(RecordedRun run, string job) => run switch
    {
        { Outcome: { } outcome } => $": the run has ended and {outcome.Told()}",
        _ when run.Jobs.Any(ended => string.Equals(ended.Name, job, StringComparison.OrdinalIgnoreCase)) => ": it was decided",
        { Waiting.Length: > 0 } => $": {string.Join(", ", run.Waiting.Select(waiting => $"'{ViewText.Line(waiting.Job)}'"))} does",
        _ => ": the run has not come so far",
    };
}

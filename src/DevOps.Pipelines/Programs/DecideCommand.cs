namespace DevOps.Pipelines;

/// <summary>Decides an approval of a run that another process works on, or that waits for one to take it up.</summary>
internal static class DecideCommand
{
    internal static async Task<int> DecideAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        ProgramArguments arguments = context.Arguments;
        RecordedRun run = await NamedRuns.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        bool approves = arguments.Command == ProgramCommand.Approve;
        if (arguments.Job.Length == 0)
        {
            string verb = approves ? "approve" : "reject";
            throw new UsageException($"The command is '{verb} RUN JOB', and the job is missing{Waiting(run)}.");
        }

        WaitingApproval approval = run.Waiting.FirstOrDefault(waiting => string.Equals(waiting.Job, arguments.Job, StringComparison.OrdinalIgnoreCase)) ?? throw NotWaiting(context, run);
        string by = context.By ?? throw new UsageException("Nobody knows who decides: say it with '--by NAME'.");
        ApprovalDecision decision = new()
        {
            By = by,
            Groups = arguments.Groups,
            Verdict = approves ? ApprovalVerdict.Approve : ApprovalVerdict.Reject,
            Comment = arguments.Comment,
            Inputs = arguments.Inputs,
            At = context.TimeProvider.GetUtcNow(),
        };
        ApprovalOptions asked = DecisionCheck.OptionsOf(context.Pipeline, approval.Job) ?? new();
        DecisionCheck.Check(approval, asked, decision);
        if (context.Store is not IRunInbox inbox)
        {
            throw new ApprovalException("This store takes no decisions from other processes.");
        }

        IReadOnlyList<ApprovalMessage> posted = await PostedDecisions.ReadAsync(context.Store, run, cancellationToken).ConfigureAwait(false);
        DecisionCheck.CheckEarlier(approval, asked, [.. posted.Where(message => message.IsFor(approval.Job)).Select(message => message.Decision)], decision);
        await inbox.DecideAsync(run.RunId, approval.Job, decision, cancellationToken).ConfigureAwait(false);
        await context.WriteLinesAsync(
        [
            $"{(approves ? "approved" : "rejected")} '{ViewText.Line(approval.Job)}' of run {run.RunId} as {ViewText.Line(by)}",
            $"A process that works on the run takes it up by itself; else go on with: {context.Calls.Command} --resume {run.RunId}",
        ]).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    private static ApprovalException NotWaiting(ProgramContext context, RecordedRun run)
    {
        string job = context.Arguments.Job;
        string shown = ViewText.Line(job);
        if (context.Pipeline.Jobs.FirstOrDefault(known => string.Equals(known.Name, job, StringComparison.OrdinalIgnoreCase)) is { } known && known.Kind != JobKind.Approval)
        {
            return new($"'{shown}' is a job that nobody is asked about and no approval{Waiting(run)}.");
        }

        if (run.Approvals.FirstOrDefault(approval => string.Equals(approval.Job, job, StringComparison.OrdinalIgnoreCase)) is { Decisions.Length: > 0 } decided)
        {
            return new($"'{shown}' in run '{run.RunId}' was decided: {string.Join("; ", decided.Decisions.Select(DecisionText.Told))}{(run.Outcome is { } outcome ? $". And the run has ended and {outcome.Told()}" : "")}.");
        }

        string state = run switch
        {
            { Outcome: { } outcome } => $": the run has ended and {outcome.Told()}",
            _ when run.Jobs.Any(ended => string.Equals(ended.Name, job, StringComparison.OrdinalIgnoreCase)) => ": it has ended",
            { Waiting.Length: > 0 } => Waiting(run),
            _ => ": the run has not come so far",
        };
        return new($"'{shown}' in run '{run.RunId}' does not wait for a decision{state}{SimilarNames.Hint(job, run.Waiting.Select(waiting => waiting.Job))}.");
    }

    private static string Waiting(RecordedRun run) => run.Waiting.IsEmpty
        ? $"; nothing waits for a decision in run '{run.RunId}'"
        : $"; in run '{run.RunId}' {(run.Waiting.Length == 1 ? "this waits" : "these wait")} for a decision: {string.Join(", ", run.Waiting.Select(waiting => $"'{ViewText.Line(waiting.Job)}'"))}";
}

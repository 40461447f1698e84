namespace DevOps.Pipelines;

/// <summary>Checks that a restart does something: what would run again must have been part of the run.</summary>
internal static class RestartCheck
{
    private const string FailedWord = "failed";

    private const int MaxTold = 30;

    /// <summary>Returns what is done again.</summary>
    /// <exception cref="UsageException">Nothing would be.</exception>
    internal static RestartFrom Check(ProgramContext context, RecordedRun run, string from)
    {
        Pipeline pipeline = context.Pipeline;
        foreach ((string name, string text) in context.Arguments.Parameters.Where(given => !pipeline.Parameters.Any(parameter => parameter.IsSecret && IsSame(parameter.Name, given.Key))))
        {
            if (!run.Parameters.Any(was => IsSame(was.Key, name) && was.Value == text))
            {
                throw new UsageException($"'{ViewText.Line(name)}' cannot change on a restart: the results that it goes on with were made with the value of the run '{run.RunId}'. Leave it out, or start a new run without '--from'.");
            }
        }

        if (from == FailedWord && !pipeline.Jobs.Any(job => job.Name == from))
        {
            return run.Planned.Any(name => IsUndone(run, name))
                ? RestartFrom.Failed
                : throw new UsageException($"No job of the run '{run.RunId}' failed or was stopped, so '--from {FailedWord}' has nothing to do. Name a job or a stage to run it and what follows it again.");
        }

        IReadOnlyList<Job> jobs = JobNames.Find(pipeline, from);
        return run.Planned.Length == 0 || jobs.Any(job => run.Planned.Contains(job.Name, StringComparer.OrdinalIgnoreCase))
            ? RestartFrom.Job(from)
            : throw new UsageException(
                $"'{ViewText.Line(from)}' was not part of the run '{run.RunId}', which took in: {string.Join(", ", run.Planned.Take(MaxTold).Select(ViewText.Line))}{(run.Planned.Length > MaxTold ? ", …" : "")}. " +
                $"Restart from one of these, restart another run with '--resume RUN', or begin a new one: {context.Calls.Command} {ApprovalText.Quoted(from)}");
    }

    private static bool IsSame(string one, string other) => ParameterNames.Normalize(one) == ParameterNames.Normalize(other);

    // What was skipped for its own condition is skipped again.
    private static bool IsUndone(RecordedRun run, string name) =>
        run.Jobs.FirstOrDefault(job => string.Equals(job.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } job || (!job.Outcome.IsGood() && job.Outcome != Outcome.Skipped);
}

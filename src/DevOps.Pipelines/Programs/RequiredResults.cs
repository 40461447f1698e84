namespace DevOps.Pipelines;

/// <summary>Checks that no job that runs is called with the result of one that was left out of the run: it would fail as soon as it starts.</summary>
internal static class RequiredResults
{
    /// <exception cref="UsageException">Some are; tells all.</exception>
    internal static void Check(ProgramContext context, RunOptions options)
    {
        ProgramArguments arguments = context.Arguments;
        if (arguments is { Resumes: true } or { From: not null } || (options.Skip.IsEmpty && options.WhatIsNeeded == NeededJobs.Run))
        {
            return;
        }

        PipelinePlan plan = context.Pipeline.Plan(options);
        HashSet<string> planned = new(plan.Jobs.Select(job => job.Name), StringComparer.OrdinalIgnoreCase);
        HashSet<string> running = new(plan.Jobs.Where(job => job.SkipReason is null).Select(job => job.Name), StringComparer.OrdinalIgnoreCase);
        string[] problems =
        [
            .. context.Pipeline.Jobs.Where(job => running.Contains(job.Name)).SelectMany(job => job.Taken
                .Where(taken => !planned.Contains(taken.Name))
                .Select(taken => $"'{ViewText.Line(job.Name)}' works with the result of '{ViewText.Line(taken.Name)}'")),
        ];
        if (problems.Length > 0)
        {
            throw new UsageException($"{string.Join("; ", problems)}, which is left out of this run. Let it run too, or take its result from an earlier run with '--from JOB'.");
        }
    }
}

namespace DevOps.Pipelines.Testing;

/// <summary>Tells who waits for what when nothing can happen any more.</summary>
internal static class TesterStuck
{
    internal static PipelineTestException Describe(IReadOnlyList<PipelineRun> runs, IEnumerable<TesterFlow> flows, VirtualClock clock)
    {
        HashSet<string?> atWork = [.. flows.Select(flow => flow.Job)];
        return new($"Nothing can happen any more: no job is at work on this thread, and no timer runs. The clock shows {clock.GetUtcNow():u}.", runs.Where(run => !run.Completion.IsCompleted).SelectMany(run => Describe(run, atWork)).DefaultIfEmpty("no run is under way, and the tester waits for one to start"));
    }

    private static IEnumerable<string> Describe(PipelineRun run, HashSet<string?> atWork)
    {
        foreach (JobState job in run.Engine.Jobs.Where(job => job.Status != JobStatus.Ended && job.Job.Kind != JobKind.Gate))
        {
            yield return $"'{job.Job.Name}' {job.Status switch
            {
                JobStatus.Waiting => $"waits for {string.Join(" and ", job.Node.Waits.Select(edge => run.Engine.Jobs[edge.Node.Index]).Where(other => other.Status != JobStatus.Ended).Select(other => $"'{other.Job.Name}'"))}",
                JobStatus.Claiming => $"waits for {job.QueuedBehind ?? "a resource"}",
                JobStatus.BackingOff => "waits to try again",
                JobStatus.Expanded => "waits for its jobs",
                _ when job.Job.Kind == JobKind.Approval => "waits for a decision: say tester.Approves(...), or give it a time to expire",
                _ when atWork.Contains(job.Job.Name) => "is at work and waits for something that is no timer of job.TimeProvider: a task that nobody ends, real time, or real I/O",
                _ => "is about to end, and what follows it waits",
            }}";
        }
    }
}

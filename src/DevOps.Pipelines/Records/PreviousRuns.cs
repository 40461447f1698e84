namespace DevOps.Pipelines;

/// <summary>Finds the last completed run of a pipeline, where anything asks for it: work that follows jobs, or jobs that cannot all start at once.</summary>
internal static class PreviousRuns
{
    private const int MaxLookedAt = 20;

    internal static async Task<PreviousRun?> FindAsync(Pipeline pipeline, RunGraph graph, RunOptions options, string runId, CancellationToken cancellationToken)
    {
        bool isOfUse = options.MaxConcurrency < int.MaxValue || options.Host is not null || pipeline.Post.Work.Length > 0 || graph.Nodes.Any(node => node.Job.Settings.Post is not null);
        if (options.Store is not { } store || !isOfUse)
        {
            return null;
        }

        int looked = 0;
        await foreach (RunEntry entry in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Id == runId)
            {
                continue;
            }

            if (++looked > MaxLookedAt)
            {
                break;
            }

            try
            {
                RunReplay replay = await RunReplay.ReadAsync(entry.Id, store.ReadAsync(entry.Id, cancellationToken), cancellationToken).ConfigureAwait(false);
                if (replay is { Outcome: { } outcome, Beginning: { } beginning } && beginning.Pipeline == pipeline.Name)
                {
                    return new(
                        entry.Id,
                        outcome,
                        replay.Jobs.ToDictionary(job => job.Key, job => job.Value.Result.Outcome, StringComparer.OrdinalIgnoreCase),
                        replay.Jobs.Where(job => job.Value.Result.StartedAt is not null).ToDictionary(job => job.Key, job => job.Value.Result.Duration, StringComparer.OrdinalIgnoreCase));
                }
            }
            catch (Exception e) when (e is DevOpsException or IOException or UnauthorizedAccessException)
            {
                // A run that cannot be read any more, or was deleted meanwhile, is no reason not to start another.
            }
        }

        return null;
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>Reads runs back from a store, also runs that are under way.</summary>
public static class RunHistory
{
    /// <summary>Reads a run.</summary>
    /// <param name="store">The store.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="JournalDamagedException">The journal is not what was written.</exception>
    /// <exception cref="DevOpsException">It was written by another version.</exception>
    public static async Task<RecordedRun> ReadRunAsync(this IRunStore store, string runId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        RunReplay replay = await RunReplay.ReadAsync(runId, store.ReadAsync(runId, cancellationToken), cancellationToken).ConfigureAwait(false);
        return ToRun(runId, replay);
    }

    /// <summary>Streams runs, newest first. A run that cannot be read is listed with its <see cref="RecordedRun.Problem"/>, unless the query asks for something that only its journal could tell.</summary>
    /// <param name="store">The store.</param>
    /// <param name="query">Which; all if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <remarks>Reads one journal at a time, when the enumeration reaches it.</remarks>
    public static async IAsyncEnumerable<RecordedRun> ListRunsAsync(this IRunStore store, RunQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        query ??= RunQuery.All;
        int found = 0;
        await foreach (RunEntry entry in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.CreatedAt is { } createdAt && createdAt < query.Since)
            {
                // The order is by time; those without one come last.
                continue;
            }

            RecordedRun? run = await TryReadAsync(store, entry, cancellationToken).ConfigureAwait(false);
            if (run is not null && (query.Pipeline is null || query.Pipeline == run.Pipeline) && (query.Outcome is null || query.Outcome == run.Outcome))
            {
                yield return run;
                if (++found == query.Max)
                {
                    yield break;
                }
            }
        }
    }

    private static async Task<RecordedRun?> TryReadAsync(IRunStore store, RunEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadRunAsync(entry.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (RunNotFoundException)
        {
            // It was deleted meanwhile.
            return null;
        }
        catch (Exception e) when (e is DevOpsException or IOException or UnauthorizedAccessException)
        {
            return new() { RunId = entry.Id, StartedAt = entry.CreatedAt, Problem = e.Message };
        }
    }

    private static RecordedRun ToRun(string runId, RunReplay replay)
    {
        if (replay.Beginning is not { } beginning)
        {
            return new() { RunId = runId };
        }

        WaitingApproval[] waiting = replay.Outcome is null
            ? [.. replay.Approvals.Values.Where(approval => !replay.Jobs.ContainsKey(approval.Job)).OrderBy(approval => approval.RequestedAt).Select(approval => new WaitingApproval(approval.Job, approval.RequestedAt, approval.Decisions))]
            : [];
        return new()
        {
            RunId = runId,
            Pipeline = beginning.Pipeline,
            StartedAt = beginning.StartedAt,
            FinishedAt = replay.FinishedAt,
            Outcome = replay.Outcome,
            Reason = replay.Reason,
            RestartOf = beginning.RestartOf,
            Parameters = beginning.Parameters,
            Planned = [.. beginning.Nodes.Where(node => node.Kind != JobKind.Gate).Select(node => node.Name)],
            Jobs = ToJobs(beginning, replay),
            InDoubt = replay.Outcome is null
                ? [.. replay.Begun.Values.Where(begun => waiting.All(approval => !string.Equals(approval.Job, begun.Job, StringComparison.OrdinalIgnoreCase))).OrderBy(begun => begun.StartedAt).Select(begun => new InDoubtJob(begun.Job, begun.Number, begun.StartedAt))]
                : [],
            Waiting = [.. waiting],
            Approvals = [.. replay.Approvals.Values.OrderBy(approval => approval.RequestedAt)],
        };
    }

    // Jobs that joined the run come behind those it began with.
    private static ImmutableArray<JobResult> ToJobs(RecordedBeginning beginning, RunReplay replay)
    {
        Dictionary<string, RecordedJob> open = new(replay.Jobs, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, JobResult> unrecorded = UnrecordedJobs.Find(beginning, replay);
        List<JobResult> jobs = new(open.Count + unrecorded.Count);
        foreach (RecordedNode node in beginning.Nodes)
        {
            JobResult? result = open.Remove(node.Name, out RecordedJob? job) ? job.Result : unrecorded.GetValueOrDefault(node.Name);
            if (result is not null)
            {
                IEnumerable<RecordedNode> needs = node.Needs.Where(need => need.Kind != EdgeKind.Order && need.Node >= 0 && need.Node < beginning.Nodes.Length).Select(need => beginning.Nodes[need.Node]);
                jobs.Add(result with { IsRestored = false, Needs = [.. needs.Where(need => need.Kind != JobKind.Gate).Select(need => need.Name)] });
            }
        }

        jobs.AddRange(open.Values.OrderBy(job => job.Result.StartedAt).Select(job => job.Result with { IsRestored = false }));
        return [.. jobs];
    }
}

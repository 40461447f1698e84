using System.Collections.Immutable;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes what happened to one job of a run.</summary>
internal sealed class JobExplanation
{
    private const int MaxChain = 50;

    private readonly PipelineResult _result;
    private readonly Dictionary<string, JobResult> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly StringBuilder _text = new();

    internal JobExplanation(PipelineResult result)
    {
        _result = result;
        foreach (JobResult job in result.Jobs)
        {
            _jobs.TryAdd(job.Name, job);
        }
    }

    internal string Explain(string jobName)
    {
        if (!_jobs.TryGetValue(jobName, out JobResult? job))
        {
            throw new ArgumentException($"The run '{_result.RunId}' of '{_result.Pipeline}' has no job '{jobName}'{SimilarNames.Hint(jobName, _jobs.Keys)}. It may have been left out of the run.", nameof(jobName));
        }

        Line(0, Told(job));
        if (job.IsRestored)
        {
            Line(1, "its result was taken over from an earlier part of the run, or from an earlier run");
        }

        if (job.StartedAt is null)
        {
            ExplainUnstarted(job);
        }
        else
        {
            ExplainStart(job);
            ExplainAttempts(job);
        }

        ExplainEnd(job);
        return _text.ToString();
    }

    /// <summary>Tells what kept the job from starting, back to the job where it began.</summary>
    private void ExplainUnstarted(JobResult job)
    {
        JobResult at = job;
        HashSet<JobResult> seen = [job];
        int depth = 1;
        while (at is { StartedAt: null, LastNeed: { } need } && at.Outcome == Outcome.Skipped && _jobs.TryGetValue(need, out JobResult? next) && !next.Outcome.IsGood() && seen.Add(next))
        {
            at = next;
            if (depth <= MaxChain)
            {
                Line(depth, Told(at));
            }

            depth++;
        }

        if (depth > MaxChain + 1)
        {
            Line(MaxChain + 1, $"… over {depth - MaxChain - 1} more jobs, back to: {Told(at)}");
        }

        if (at != job)
        {
            Line(1, $"so it all began with '{at.Name}'");
        }
    }

    private void ExplainStart(JobResult job)
    {
        List<JobResult> chain = [];
        HashSet<JobResult> seen = [job];
        for (JobResult at = job; at.LastNeed is { } need && _jobs.TryGetValue(need, out JobResult? next) && seen.Add(next); at = next)
        {
            chain.Add(next);
        }

        if (chain.Count == 0)
        {
            Line(1, job.LastNeed is { } unknown ? $"it could start when '{unknown}' had ended" : "it waited for no other job");
        }
        else
        {
            Line(1, $"it could start when '{chain[0].Name}' had ended, the last that it waited for");
            Line(1, "the chain that it waited for, from its start:");
            if (chain.Count > MaxChain)
            {
                Line(2, $"… {chain.Count - MaxChain} jobs before");
            }

            foreach (JobResult link in chain.Take(MaxChain).Reverse())
            {
                Line(2, $"{link.Name}: {Times(link)}");
            }
        }

        if (job.QueuedFor > TimeSpan.Zero)
        {
            Line(1, $"then it waited {TimeText.Write(job.QueuedFor)} for {job.QueuedBehind ?? "something that it shares with others"}");
        }

        Line(1, $"it worked {Times(job)}");
    }

    private void ExplainAttempts(JobResult job)
    {
        foreach (JobAttempt attempt in job.Attempts)
        {
            Line(1, $"attempt {attempt.Number} {attempt.Outcome.Told()} after {TimeText.Write(attempt.Duration)}{(attempt.Error is { } error ? $": {error.Message}" : "")}");
        }
    }

    private void ExplainEnd(JobResult job)
    {
        foreach (JobError error in job.PostErrors)
        {
            Line(1, $"the work that followed it failed: {error.Message}");
        }

        if (job.Outcome == Outcome.Unstable && (job.Error is not null || job.CountsAs != Outcome.Unstable))
        {
            Line(1, $"its failure is tolerated, and counts as {(job.CountsAs == Outcome.Success ? "a success" : "unstable")} in the run");
        }

        if (job.IsTeardown)
        {
            Line(1, "it runs however others ended");
        }

        ImmutableArray<JobResult> causes = _result.RootCauses;
        if (causes.Contains(job))
        {
            Line(1, causes[0] == job ? "the run failed of it first" : $"the run failed of it too, after '{causes[0].Name}'");
        }
    }

    private static string Told(JobResult job)
    {
        string separator = job.Outcome is Outcome.Skipped or Outcome.Cancelled or Outcome.Unstable ? ": " : job.Outcome == Outcome.Success ? ", though " : ": ";
        return $"{job.Name} {job.Outcome.Told()}{(job.Reason is { Length: > 0 } reason ? separator + reason : "")}";
    }

    private string Times(JobResult job) => job.StartedAt is { } start
        ? $"for {TimeText.Write(job.Duration)}{(start >= _result.StartedAt ? $", from {TimeText.Write(start - _result.StartedAt)} to {TimeText.Write(start - _result.StartedAt + job.Duration)} of the run" : ", before this part of the run")}"
        : $"not at all, it {job.Outcome.Told()}";

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).Append(string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))).Append('\n');
}

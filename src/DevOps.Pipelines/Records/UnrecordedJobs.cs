namespace DevOps.Pipelines;

/// <summary>Finds how the jobs ended that a journal says nothing of, from the graph it began with and the jobs that it tells of. Only what started, or was asked for its own condition, is written down.</summary>
internal sealed class UnrecordedJobs
{
    private readonly RecordedBeginning _beginning;
    private readonly RunReplay _replay;
    private readonly State[] _states;

    private UnrecordedJobs(RecordedBeginning beginning, RunReplay replay)
    {
        (_beginning, _replay) = (beginning, replay);
        _states = [.. beginning.Nodes.Select(_ => new State())];
    }

    /// <summary>Returns the results by name; none while the run has not ended, as jobs that always run may yet start behind a failure.</summary>
    internal static Dictionary<string, JobResult> Find(RecordedBeginning beginning, RunReplay replay)
    {
        Dictionary<string, JobResult> found = new(StringComparer.OrdinalIgnoreCase);
        if (replay.Outcome is not null && beginning.Nodes.Any(node => node.Kind != JobKind.Gate && !replay.Jobs.ContainsKey(node.Name)))
        {
            new UnrecordedJobs(beginning, replay).Find(found);
        }

        return found;
    }

    private void Find(Dictionary<string, JobResult> found)
    {
        // Kahn's algorithm: a job comes behind all that it waits for. What a damaged record ties in a circle is never reached, and stays unknown.
        RecordedNode[] nodes = [.. _beginning.Nodes];
        int[] missing = [.. nodes.Select(node => node.Needs.Length)];
        ILookup<int, int> dependants = nodes.SelectMany((node, index) => node.Needs.Select(need => (need.Node, index))).ToLookup(pair => pair.Node, pair => pair.index);
        Queue<int> open = new(Enumerable.Range(0, nodes.Length).Where(index => missing[index] == 0));
        while (open.TryDequeue(out int index))
        {
            if (Settle(index) is { } result)
            {
                found.TryAdd(result.Name, result);
            }

            foreach (int behind in dependants[index])
            {
                if (--missing[behind] == 0)
                {
                    open.Enqueue(behind);
                }
            }
        }
    }

    private JobResult? Settle(int index)
    {
        RecordedNode node = _beginning.Nodes[index];
        State state = _states[index];
        if (_replay.Jobs.TryGetValue(node.Name, out RecordedJob? recorded))
        {
            (state.Outcome, state.IsBehindFailure) = (recorded.Result.Outcome, recorded.IsBehindFailure);
            return null;
        }

        int? blocker = BlockerOf(node);
        state.IsBehindFailure = blocker is { } blocked && IsFailure(_states[blocked]);
        if (node.Kind == JobKind.Gate)
        {
            state.Last = blocker is { } last ? LastOf(last) : null;
            state.Outcome = blocker is { } at ? _states[at].Outcome : node.Needs.Any(need => _states[need.Node].Outcome is null) ? null : Outcome.Success;
            state.IsBehindFailure = blocker is not null;
            return null;
        }

        if (blocker is { } behind)
        {
            state.Outcome = Outcome.Skipped;
            RecordedNode other = _beginning.Nodes[behind];
            string shown = other.Kind == JobKind.Gate ? other.Name : $"'{other.Name}'";
            return Result(node, Outcome.Skipped, $"needs {shown}, which {_states[behind].Outcome!.Value.Told()}", LastOf(behind));
        }

        state.Outcome = Outcome.Cancelled;
        string why = _replay.Reason ?? "the run ended";
        return _replay.Begun.TryGetValue(node.Name, out RecordedAttempt? begun)
            ? Result(node, Outcome.Cancelled, why, null) with { StartedAt = begun.StartedAt }
            : Result(node, Outcome.Cancelled, $"{why} before it could start", null);
    }

    private int? BlockerOf(RecordedNode node)
    {
        int? blocker = null;
        int? unstable = null;
        foreach ((int index, EdgeKind kind) in node.Needs)
        {
            State need = _states[index];
            if (kind == EdgeKind.Order || need.Outcome is not { } outcome)
            {
                continue;
            }

            if (outcome == Outcome.Unstable)
            {
                unstable ??= index;
            }
            else if (!outcome.IsGood() && (kind == EdgeKind.Need || outcome != Outcome.Skipped || need.IsBehindFailure)
                && (blocker is not { } before || (IsFailure(need) && !IsFailure(_states[before]))))
            {
                blocker = index;
            }
        }

        // Whether unstable jobs were to stop others is not written down; nothing else kept this one from running if the run went to its end.
        return blocker ?? (_replay.Reason is null && node.Kind != JobKind.Gate ? unstable : null);
    }

    private string? LastOf(int index) => _beginning.Nodes[index].Kind == JobKind.Gate ? _states[index].Last : _beginning.Nodes[index].Name;

    private static bool IsFailure(State state) => state.Outcome != Outcome.Skipped || state.IsBehindFailure;

    private static JobResult Result(RecordedNode node, Outcome outcome, string reason, string? lastNeed) => new() { Name = node.Name, Needs = [], Outcome = outcome, Reason = reason, LastNeed = lastNeed };

    private sealed class State
    {
        internal Outcome? Outcome { get; set; }

        internal bool IsBehindFailure { get; set; }

        /// <summary>Gets or sets the job that blocks a gate.</summary>
        internal string? Last { get; set; }
    }
}

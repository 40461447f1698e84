using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>One approval that waits, and what was decided so far.</summary>
internal sealed class ApprovalWait
{
    private readonly Lock _lock;
    private readonly TaskCompletionSource<object?> _decided;
    private readonly ApprovalOptions _options;
    private readonly DateTimeOffset _requestedAt;
    private ImmutableArray<ApprovalDecision> _decisions;
    private ImmutableHashSet<string> _messages;
    private bool _isOver;

    // One lock for all waits of a run: whether they all wait is seen at one moment.
    internal ApprovalWait(Lock gate, JobState job, DateTimeOffset requestedAt, ImmutableArray<ApprovalDecision> decisions, ImmutableHashSet<string> messages) =>
        (_lock, Job, _options, _requestedAt, _decisions, _messages, _decided) = (gate, job, job.Job.Settings.Approval!, requestedAt, decisions, messages, new(job.Engine.Options.Dispatcher.Continuations));

    internal JobState Job { get; }

    /// <summary>Gets or sets whether all was looked at that was decided before. Read and written under the lock.</summary>
    internal bool IsIdle { get; set; }

    /// <summary>Gets or sets how many decisions are being written down. Read and written under the lock.</summary>
    internal int OnTheirWay { get; set; }

    /// <summary>Gets whether the wait has ended, or never will in this process. Read under the lock.</summary>
    internal bool IsOver => _isOver;

    internal Task<object?> Task => _decided.Task;

    internal PendingApproval Pending
    {
        get
        {
            lock (_lock)
            {
                return new(
                    Job.Job.Name,
                    _options.Message,
                    _options.From,
                    _options.Quorum,
                    _requestedAt,
                    ExpiresAt,
                    _decisions);
            }
        }
    }

    internal DateTimeOffset? ExpiresAt => _options.Within is { } within && within < DateTimeOffset.MaxValue - _requestedAt ? _requestedAt + within : null;

    internal bool Has(string messageId)
    {
        lock (_lock)
        {
            return _messages.Contains(messageId);
        }
    }

    /// <returns>Whether the decision is new.</returns>
    /// <exception cref="ApprovalException">The person may not decide, or filled in something that cannot be.</exception>
    internal bool TryAdd(ApprovalDecision decision, string messageId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(decision.By);
        if (!Enum.IsDefined(decision.Verdict))
        {
            throw new ApprovalException($"'{decision.By}' decided '{Job.Job.Name}' with a verdict that this program does not know.");
        }

        if (decision.At >= ExpiresAt)
        {
            throw new ApprovalException($"'{decision.By}' decided '{Job.Job.Name}' at {decision.At:u}, and the time for it was over at {ExpiresAt:u}.");
        }

        if (_options.From.Length > 0 && !decision.Groups.Append(decision.By).Any(name => _options.From.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw new ApprovalException($"'{decision.By}' cannot decide '{Job.Job.Name}': it asks {string.Join(", ", _options.From)}.");
        }

        if (decision.Verdict == ApprovalVerdict.Approve)
        {
            CheckInputs(decision);
        }

        lock (_lock)
        {
            if (_isOver || (messageId.Length > 0 && _messages.Contains(messageId)))
            {
                return false;
            }

            if (_decisions.Any(other => string.Equals(other.By, decision.By, StringComparison.OrdinalIgnoreCase) && other.Verdict == decision.Verdict))
            {
                throw new ApprovalException($"'{decision.By}' decided '{Job.Job.Name}' already; {_options.Quorum} different persons are needed.");
            }

            _decisions = _decisions.Add(decision);
            _messages = messageId.Length > 0 ? _messages.Add(messageId) : _messages;
            return true;
        }
    }

    /// <summary>Ends the wait if enough was decided.</summary>
    internal void Settle()
    {
        ApprovalDecision? rejected;
        ImmutableArray<ApprovalDecision> decisions;
        lock (_lock)
        {
            decisions = _decisions;
            rejected = decisions.FirstOrDefault(decision => decision.Verdict == ApprovalVerdict.Reject);
        }

        if (rejected is not null)
        {
            if (TryEnd())
            {
                _decided.TrySetException(new RejectedException(Outcome.Failure, $"'{rejected.By}' rejected it{(rejected.Comment is { Length: > 0 } comment ? $": {comment}" : "")}"));
            }
        }
        else if (decisions.Length >= _options.Quorum && TryEnd())
        {
            ImmutableDictionary<string, string> inputs = decisions.Aggregate(ImmutableDictionary<string, string>.Empty, (all, decision) => all.SetItems(decision.Inputs));
            _decided.TrySetResult(new ApprovalResult(decisions, inputs));
        }
    }

    internal void Expire()
    {
        if (TryEnd())
        {
            _decided.TrySetException(new RejectedException(Outcome.TimedOut, $"nobody decided within {_options.Within}"));
        }
    }

    internal void Cancel(CancellationToken token)
    {
        if (TryEnd())
        {
            _decided.TrySetCanceled(token);
        }
    }

    /// <summary>Gives the wait up in this process: whoever takes up the run asks anew. Called under the lock.</summary>
    internal void Leave() => _isOver = true;

    private bool TryEnd()
    {
        lock (_lock)
        {
            bool isFirst = !_isOver;
            _isOver = true;
            return isFirst;
        }
    }

    private void CheckInputs(ApprovalDecision decision)
    {
        try
        {
            ParameterResolver.Resolve(Job.Job.Name, _options.Inputs, decision.Inputs);
        }
        catch (ParameterException e)
        {
            throw new ApprovalException($"'{decision.By}' cannot approve '{Job.Job.Name}' with these inputs: {string.Join("; ", e.Problems)}.");
        }
    }
}

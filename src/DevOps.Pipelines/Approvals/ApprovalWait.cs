using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>One approval that waits, and what was decided so far.</summary>
internal sealed class ApprovalWait
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<object?> _decided;
    private readonly ApprovalOptions _options;
    private readonly DateTimeOffset _requestedAt;
    private ImmutableArray<ApprovalDecision> _decisions;
    private ImmutableHashSet<string> _messages;

    internal ApprovalWait(JobState job, DateTimeOffset requestedAt, ImmutableArray<ApprovalDecision> decisions, ImmutableHashSet<string> messages) =>
        (Job, _options, _requestedAt, _decisions, _messages, _decided) = (job, job.Job.Settings.Approval!, requestedAt, decisions, messages, new(job.Engine.Options.Dispatcher.Continuations));

    internal JobState Job { get; }

    /// <summary>Gets or sets whether all was looked at that was decided before.</summary>
    internal bool IsIdle { get; set; }

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
                    _options.Within is { } within && within < DateTimeOffset.MaxValue - _requestedAt ? _requestedAt + within : null,
                    _decisions);
            }
        }
    }

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
            if (_decided.Task.IsCompleted || (messageId.Length > 0 && _messages.Contains(messageId)))
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
            _decided.TrySetException(new RejectedException(Outcome.Failure, $"'{rejected.By}' rejected it{(rejected.Comment is { Length: > 0 } comment ? $": {comment}" : "")}"));
        }
        else if (decisions.Length >= _options.Quorum)
        {
            ImmutableDictionary<string, string> inputs = decisions.Aggregate(ImmutableDictionary<string, string>.Empty, (all, decision) => all.SetItems(decision.Inputs));
            _decided.TrySetResult(new ApprovalResult(decisions, inputs));
        }
    }

    internal void Expire() => _decided.TrySetException(new RejectedException(Outcome.TimedOut, $"nobody decided within {_options.Within}"));

    internal void Cancel(CancellationToken token) => _decided.TrySetCanceled(token);

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

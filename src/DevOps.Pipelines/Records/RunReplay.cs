using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What the records of a run say, taken together.</summary>
internal sealed class RunReplay
{
    private readonly Dictionary<string, RecordedJob> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RecordedAttempt> _begun = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RecordedApproval> _approvals = new(StringComparer.OrdinalIgnoreCase);

    private RunReplay()
    {
    }

    internal RecordedBeginning? Beginning { get; private set; }

    /// <summary>Gets the jobs that finished, by name.</summary>
    internal Dictionary<string, RecordedJob> Jobs => _jobs;

    /// <summary>Gets the last attempts of jobs that started and did not finish, by name.</summary>
    internal Dictionary<string, RecordedAttempt> Begun => _begun;

    internal Dictionary<string, RecordedApproval> Approvals => _approvals;

    /// <summary>Gets how the run ended, if it did.</summary>
    internal Outcome? Outcome { get; private set; }

    internal DateTimeOffset? FinishedAt { get; private set; }

    internal string? Reason { get; private set; }

    internal static async Task<RunReplay> ReadAsync(string runId, IAsyncEnumerable<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        RunReplay replay = new();
        await foreach (ReadOnlyMemory<byte> record in records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                replay.Add(record.Span);
            }
            catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
            {
                throw new DevOpsException($"The journal of run '{runId}' was written by another version of this program: {e.Message} Go on with the version that began the run.", e);
            }
        }

        return replay;
    }

    private void Add(ReadOnlySpan<byte> record)
    {
        RecordReader reader = new(record);
        switch (reader.Kind)
        {
            case RecordKind.Began:
                Beginning = BeginningRecord.Read(ref reader);
                break;
            case RecordKind.JobStarted:
                string started = reader.RequiredText();
                _begun[started] = new(started, (int)reader.Number(), reader.Time());
                break;
            case RecordKind.JobFinished:
                RecordedJob finished = JobRecord.Read(ref reader);
                _jobs[finished.Result.Name] = finished;
                _begun.Remove(finished.Result.Name);
                break;
            case RecordKind.ApprovalRequested:
                string asked = reader.RequiredText();
                _approvals[asked] = new(asked, reader.Time(), [], ImmutableHashSet.Create<string>(StringComparer.Ordinal));
                break;
            case RecordKind.ApprovalDecided:
                (string job, string messageId, ApprovalDecision decision) = ApprovalRecord.Read(ref reader);
                RecordedApproval approval = _approvals.GetValueOrDefault(job) ?? new(job, decision.At ?? default, [], []);
                _approvals[job] = approval with { Decisions = approval.Decisions.Add(decision), Messages = messageId.Length > 0 ? approval.Messages.Add(messageId) : approval.Messages };
                break;
            case RecordKind.Finished:
                (Outcome, FinishedAt, Reason) = (reader.Value<Outcome>(), reader.Time(), reader.Text());
                break;
            case RecordKind.Resumed:
                _ = reader.Time();
                break;
            default:
                throw new InvalidDataException($"A record is of kind {(int)reader.Kind}.");
        }
    }
}

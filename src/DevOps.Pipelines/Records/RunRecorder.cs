namespace DevOps.Pipelines;

/// <summary>Writes down what happens in a run. Without a journal it does nothing.</summary>
internal sealed class RunRecorder(RunSetup setup)
{
    // A record also holds the job's log and steps.
    private const int MaxValueBytes = JournalFrame.MaxRecordBytes / 2;

    private readonly IRunJournal? _journal = setup.Journal;

    internal bool IsOn => _journal is not null;

    internal Task BeganAsync(DateTimeOffset startedAt, string? restartOf)
    {
        RecordWriter writer = new(RecordKind.Began);
        BeginningRecord.Write(ref writer, setup, startedAt, restartOf);
        return AppendAsync(ref writer);
    }

    internal Task ResumedAsync(DateTimeOffset at)
    {
        RecordWriter writer = new(RecordKind.Resumed);
        writer.Time(at);
        return AppendAsync(ref writer);
    }

    internal Task JobStartedAsync(string job, int attempt, DateTimeOffset at)
    {
        RecordWriter writer = new(RecordKind.JobStarted);
        writer.Text(job);
        writer.Number(attempt);
        writer.Time(at);
        return AppendAsync(ref writer);
    }

    internal Task JobFinishedAsync(JobState job, JobResult result)
    {
        byte[]? value = result.Outcome.IsGood() && job.Job.Codec is { } codec && job.HasValue ? Value(codec, job.Value) : null;
        return JobFinishedAsync(new(result)
        {
            Group = job.Group?.Job.Name,
            IsBehindFailure = job.IsBehindFailure,
            Value = value is null ? (ReadOnlyMemory<byte>?)null : value,
            IsValueLost = result.Outcome.IsGood() && job.HasValue && value is null,
        });
    }

    /// <summary>Writes down how a job ended, in this run or in one whose result this run takes over.</summary>
    internal Task JobFinishedAsync(RecordedJob job)
    {
        RecordWriter writer = new(RecordKind.JobFinished);
        JobRecord.Write(ref writer, job);
        return AppendAsync(ref writer);
    }

    internal Task ApprovalRequestedAsync(string job, DateTimeOffset at)
    {
        RecordWriter writer = new(RecordKind.ApprovalRequested);
        writer.Text(job);
        writer.Time(at);
        return AppendAsync(ref writer);
    }

    internal Task ApprovalDecidedAsync(string job, ApprovalDecision decision, string messageId)
    {
        RecordWriter writer = new(RecordKind.ApprovalDecided);
        ApprovalRecord.Write(ref writer, job, decision, messageId);
        return AppendAsync(ref writer);
    }

    internal Task FinishedAsync(Outcome outcome, DateTimeOffset at, string? reason)
    {
        RecordWriter writer = new(RecordKind.Finished);
        writer.Number((int)outcome);
        writer.Time(at);
        writer.Text(reason);
        return AppendAsync(ref writer);
    }

    // A value that cannot be written, or holds a secret, is not: the job counts as one whose result cannot be kept.
    private byte[]? Value(ResultCodec codec, object? value)
    {
        try
        {
            byte[] json = codec.Write(value);
            return json.Length > MaxValueBytes || setup.Masker.Contains(json) ? null : json;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // As NaN, or whatever a converter of the user throws on: the job did its work, and a resume does it again.
            return null;
        }
    }

    private Task AppendAsync(ref RecordWriter writer)
    {
        try
        {
            return _journal!.AppendAsync(writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }
}

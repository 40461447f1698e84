using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Writes and reads how a job ended. Logs and steps are not kept.</summary>
internal static class JobRecord
{
    internal static void Write(ref RecordWriter writer, RecordedJob job)
    {
        JobResult result = job.Result;
        writer.Text(result.Name);
        writer.Text(job.Group);
        writer.Number((int)result.Outcome);
        writer.Number((int)result.CountsAs);
        writer.Number((result.StartedAt is null ? 0 : 1) | (job.IsBehindFailure ? 2 : 0) | (job.Value is not null ? 4 : 0) | (result.IsCached ? 8 : 0) | (job.IsValueLost ? 16 : 0));
        if (result.StartedAt is { } startedAt)
        {
            writer.Time(startedAt);
        }

        writer.Number(result.Duration.Ticks);
        writer.Text(result.Reason);
        Write(ref writer, result.Error);
        writer.Number(result.PostErrors.Length);
        foreach (JobError error in result.PostErrors)
        {
            Write(ref writer, error);
        }

        writer.Number(result.Attempts.Length);
        foreach (JobAttempt attempt in result.Attempts)
        {
            writer.Number(attempt.Number);
            writer.Time(attempt.StartedAt);
            writer.Number(attempt.Duration.Ticks);
            writer.Number((int)attempt.Outcome);
            Write(ref writer, attempt.Error);
        }

        writer.Text(result.LastNeed);
        writer.Number(result.QueuedFor.Ticks);
        writer.Text(result.QueuedBehind);
        writer.Text(result.CacheNote);
        if (job.Value is { } value)
        {
            writer.Bytes(value.Span);
        }
    }

    internal static RecordedJob Read(ref RecordReader reader)
    {
        string name = reader.RequiredText();
        string? group = reader.Text();
        Outcome outcome = reader.Value<Outcome>();
        Outcome countsAs = reader.Value<Outcome>();
        long flags = reader.Number();
        JobResult result = new()
        {
            Name = name,
            Needs = [],
            Outcome = outcome,
            CountsAs = countsAs,
            IsRestored = true,
            StartedAt = (flags & 1) != 0 ? reader.Time() : null,
            Duration = new(reader.Number()),
            Reason = reader.Text(),
            Error = ReadError(ref reader),
            PostErrors = ReadErrors(ref reader),
            Attempts = ReadAttempts(ref reader),
            LastNeed = reader.Text(),
            QueuedFor = new(reader.Number()),
            QueuedBehind = reader.Text(),
            CacheNote = reader.Text(),
            IsCached = (flags & 8) != 0,
        };
        return new(result) { Group = group, IsBehindFailure = (flags & 2) != 0, IsValueLost = (flags & 16) != 0, Value = (flags & 4) != 0 ? new ReadOnlyMemory<byte>(reader.Bytes().ToArray()) : (ReadOnlyMemory<byte>?)null };
    }

    private static void Write(ref RecordWriter writer, JobError? error)
    {
        writer.Text(error?.Type);
        if (error is not null)
        {
            writer.Text(error.Message);
            writer.Number((int)error.Kind);
            writer.Number(error.ExitCode is { } code ? code : long.MinValue);
        }
    }

    private static JobError? ReadError(ref RecordReader reader)
    {
        if (reader.Text() is not { } type)
        {
            return null;
        }

        string message = reader.RequiredText();
        Failure kind = (Failure)reader.Number();
        long code = reader.Number();
        return new(type, message, "", kind & Failure.Any, code == long.MinValue ? null : (int)code);
    }

    private static ImmutableArray<JobError> ReadErrors(ref RecordReader reader)
    {
        JobError[] errors = new JobError[reader.Count()];
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = ReadError(ref reader) ?? throw new InvalidDataException("A record of the journal lacks an error.");
        }

        return [.. errors];
    }

    private static ImmutableArray<JobAttempt> ReadAttempts(ref RecordReader reader)
    {
        JobAttempt[] attempts = new JobAttempt[reader.Count()];
        for (int i = 0; i < attempts.Length; i++)
        {
            attempts[i] = new((int)reader.Number(), reader.Time(), new(reader.Number()), reader.Value<Outcome>(), ReadError(ref reader));
        }

        return [.. attempts];
    }
}

namespace DevOps.Pipelines;

/// <summary>A run in memory: its records, its messages, and who has it.</summary>
internal sealed class MemoryRun(string id, DateTimeOffset createdAt)
{
    private readonly Lock _lock = new();
    private readonly List<RunMessage> _messages = [];
    private RunHolder? _holder;

    internal MemoryRecords Records { get; } = new();

    internal RunEntry Entry { get; } = new(id, createdAt);

    internal RunMessage[] Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    internal MemoryRunJournal Open(DateTimeOffset now)
    {
        lock (_lock)
        {
            CheckFree();
            _holder = new(Environment.MachineName, Environment.ProcessId, now);
            return new(this);
        }
    }

    internal void CheckFree()
    {
        lock (_lock)
        {
            if (_holder is { } holder)
            {
                throw new RunLeaseException(id, holder);
            }
        }
    }

    internal void Release()
    {
        lock (_lock)
        {
            _holder = null;
        }
    }

    internal void Post(string messageId, ReadOnlySpan<byte> message)
    {
        lock (_lock)
        {
            if (!_messages.Exists(other => string.Equals(other.Id, messageId, StringComparison.Ordinal)))
            {
                _messages.Add(new(messageId, message.ToArray()));
            }
        }
    }

    internal MemoryRun Copy(long records)
    {
        MemoryRun copy = new(id, createdAt);
        foreach (ReadOnlyMemory<byte> record in Records.Read(records))
        {
            copy.Records.Add(record.Span);
        }

        copy._messages.AddRange(Messages);
        return copy;
    }
}

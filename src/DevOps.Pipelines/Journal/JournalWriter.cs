namespace DevOps.Pipelines;

/// <summary>Writes records to a file, in the order in which they come. One thread at a time writes and flushes; what comes meanwhile is gathered, and is the next write.</summary>
internal sealed class JournalWriter(IJournalFile file, long lengthBytes, long records, int maxQueuedBytes) : IThreadPoolWorkItem
{
    // A Monitor and no Lock: who finds no room waits on it.
    private readonly object _gate = new();
    private JournalBatch _gathered = new();
    private JournalBatch? _written;
    private JournalWriteException? _fault;
    private long _next = records;
    private long _records = records;
    private long _lengthBytes = lengthBytes;
    private long _flushes;
    private bool _closed;

    internal JournalStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new(_records, _lengthBytes, _flushes);
            }
        }
    }

    internal Task Append(ReadOnlySpan<byte> record)
    {
        JournalFrame.CheckLength(record.Length);
        uint check = Crc32C.Compute(record);
        while (true)
        {
            JournalBatch full;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_closed, typeof(IRunJournal));
                if (_fault is not null || HasRoom(record.Length + JournalFrame.OverheadBytes))
                {
                    return Gather(record, check);
                }

                if (_written is not null)
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                full = Take();
            }

            // Waiting for a thread of the pool could wait for threads that wait here.
            Write(full);
        }
    }

    internal Task Flush()
    {
        lock (_gate)
        {
            return _fault is not null || _gathered.Records > 0 ? _gathered.Durable : _written?.Durable ?? Task.CompletedTask;
        }
    }

    /// <summary>Writes what is queued; takes no more.</summary>
    internal async Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        await Flush().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IThreadPoolWorkItem.Execute()
    {
        JournalBatch batch;
        lock (_gate)
        {
            if (_written is not null || _gathered.Records == 0 || _fault is not null)
            {
                return;
            }

            batch = Take();
        }

        Write(batch);
    }

    private bool HasRoom(int bytes) => _gathered.Records == 0 || (long)_gathered.LengthBytes + bytes <= maxQueuedBytes;

    private Task Gather(ReadOnlySpan<byte> record, uint check)
    {
        if (_fault is null)
        {
            _gathered.Add(_next++, record, check);
            if (_written is null && _gathered.Records == 1)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        return _gathered.Durable;
    }

    private JournalBatch Take()
    {
        _written = _gathered;
        _gathered = new();
        return _written;
    }

    private void Write(JournalBatch batch)
    {
        JournalWriteException? fault = TryWrite(batch.Bytes);
        JournalBatch? lost = null;
        lock (_gate)
        {
            _written = null;
            if (fault is null)
            {
                _lengthBytes += batch.LengthBytes;
                _records += batch.Records;
                _flushes++;
                if (_gathered.Records > 0)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }
            }
            else
            {
                _fault = fault;
                lost = _gathered;
            }

            Monitor.PulseAll(_gate);
        }

        if (fault is null)
        {
            batch.Complete();
            return;
        }

        batch.Fail(fault);
        lost!.Fail(fault);
    }

    private JournalWriteException? TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes, _lengthBytes);
            file.Flush();
            return null;
        }
#pragma warning disable CA1031 // On a thread of the pool whatever is not caught ends the process; all who wait are told instead.
        catch (Exception e)
#pragma warning restore CA1031
        {
            TryTakeBack();
            return new JournalWriteException(file.Path, e);
        }
    }

    // What was half-written would be a torn tail; this only leaves the file tidy.
    private void TryTakeBack()
    {
        try
        {
            file.SetLength(_lengthBytes);
            file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

namespace DevOps.Pipelines.Tests;

/// <summary>A file in memory that fails when it is told to, and can be held at a flush.</summary>
internal sealed class ScriptedJournalFile : IJournalFile, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _mayFlush = new(true);
    private readonly SemaphoreSlim _flushing = new(0);
    private byte[] _bytes = [];

    public string Path => "journal";

    internal int Flushes { get; private set; }

    internal Exception? WriteError { get; set; }

    internal Exception? FlushError { get; set; }

    internal Exception? SetLengthError { get; set; }

    internal byte[] Bytes
    {
        get
        {
            lock (_lock)
            {
                return [.. _bytes];
            }
        }
    }

    /// <summary>What a loss of power would leave.</summary>
    internal byte[] Durable { get; private set; } = [];

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        // A disk that is full takes a part.
        ReadOnlySpan<byte> taken = WriteError is null ? bytes : bytes[..(bytes.Length / 2)];
        lock (_lock)
        {
            Assert.Equal(_bytes.Length, offset);
            _bytes = [.. _bytes, .. taken];
        }

        if (WriteError is { } error)
        {
            throw error;
        }
    }

    public void Flush()
    {
        _flushing.Release();
        _mayFlush.Wait();
        if (FlushError is { } error)
        {
            throw error;
        }

        Flushes++;
        Durable = Bytes;
    }

    public void SetLength(long lengthBytes)
    {
        if (SetLengthError is { } error)
        {
            throw error;
        }

        lock (_lock)
        {
            _bytes = _bytes[..(int)lengthBytes];
        }
    }

    public void Dispose()
    {
        _mayFlush.Dispose();
        _flushing.Dispose();
    }

    internal void Hold() => _mayFlush.Reset();

    internal void LetGo() => _mayFlush.Set();

    /// <summary>Ends when a flush has begun, each call for another one.</summary>
    internal Task WaitForFlushAsync() => _flushing.WaitAsync(TestContext.Current.CancellationToken);
}

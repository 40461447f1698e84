namespace DevOps.Pipelines.Tests;

public sealed class JournalWriterTests : IDisposable
{
    private const int MaxQueuedBytes = 1000;

    private readonly ScriptedJournalFile _file = new();
    private readonly JournalWriter _writer;

    public JournalWriterTests() => _writer = new(_file, 0, 0, MaxQueuedBytes);

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Append_Ended_IsDurable()
    {
        for (int i = 1; i <= 100; i++)
        {
            await _writer.Append([(byte)i]);

            Assert.Equal(i * 13, _file.Durable.Length);
            Assert.Equal(new JournalStatistics(i, i * 13, i), _writer.Statistics);
        }
    }

    [Fact]
    public async Task Append_WhileAFlushIsUnderWay_SharesTheNext()
    {
        _file.Hold();
        Task first = _writer.Append([0]);
        await _file.WaitForFlushAsync();

        Task[] next = [.. Enumerable.Range(1, 60).Select(i => _writer.Append([(byte)i]))];

        Assert.False(first.IsCompleted);
        Assert.All(next, task => Assert.Same(next[0], task));
        _file.LetGo();
        await next[0];
        Assert.True(first.IsCompletedSuccessfully);
        Assert.Equal(new JournalStatistics(61, 61 * 13, 2), _writer.Statistics);
        Assert.Equal(Enumerable.Range(0, 61).Select(i => (byte)i), _file.Durable.Chunk(13).Select(frame => frame[8]));
    }

    [Fact]
    public async Task Flush_QueuedOrBeingWritten_WaitsForIt()
    {
        Assert.True(_writer.Flush().IsCompletedSuccessfully);
        _file.Hold();
        Task first = _writer.Append([0]);
        await _file.WaitForFlushAsync();
        Assert.Same(first, _writer.Flush());
        Task second = _writer.Append([1]);
        Assert.Same(second, _writer.Flush());

        _file.LetGo();
        await _writer.Flush();

        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task CloseAsync_Queued_WritesItAndTakesNoMore()
    {
        _file.Hold();
        Task[] queued = [.. Enumerable.Range(0, 10).Select(i => _writer.Append([(byte)i]))];
        Task close = _writer.CloseAsync();
        Assert.False(close.IsCompleted);
        Assert.Throws<ObjectDisposedException>(() => { _ = _writer.Append([1]); });

        _file.LetGo();
        await close;

        Assert.All(queued, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(130, _file.Durable.Length);
    }

    [Fact]
    public async Task Append_NoRoom_BlocksUntilThereIs()
    {
        _file.Hold();
        Task first = _writer.Append(new byte[10]);
        await _file.WaitForFlushAsync();
        _ = _writer.Append(new byte[MaxQueuedBytes - 12]);
        TaskCompletionSource entered = new();
        Task<Task> blocked = Task.Factory.StartNew(
            () =>
            {
                entered.SetResult();
                return _writer.Append([1]);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await entered.Task;

        // Nothing can have ended it: the queue has no room before the first flush ends.
        Assert.Equal(22, _file.Bytes.Length);
        Assert.False(first.IsCompleted);
        Assert.False(blocked.IsCompleted);
        _file.LetGo();
        await await blocked;

        Assert.Equal(3, _writer.Statistics.Records);
        Assert.Equal(3, _writer.Statistics.Flushes);
    }

    [Fact]
    public async Task Append_LongerThanTheQueue_IsTaken()
    {
        await _writer.Append(new byte[MaxQueuedBytes * 3]);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _writer.Append(new byte[MaxQueuedBytes * 2])));

        Assert.Equal(21, _writer.Statistics.Records);
        Assert.Equal(_file.Durable.Length, _writer.Statistics.LengthBytes);
    }

    [Fact]
    public async Task Append_ManyThreads_KeepsEachOnesOrder()
    {
        const int Threads = 8;
        const int Each = 500;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            Task last = Task.CompletedTask;
            for (int i = 0; i < Each; i++)
            {
                last = _writer.Append([(byte)thread, (byte)i, (byte)(i >> 8)]);
            }

            await last;
        })));

        byte[][] frames = [.. _file.Durable.Chunk(15)];
        Assert.Equal(Threads * Each, frames.Length);
        for (int thread = 0; thread < Threads; thread++)
        {
            Assert.Equal(Enumerable.Range(0, Each), frames.Where(frame => frame[8] == thread).Select(frame => frame[9] | (frame[10] << 8)));
        }

        Assert.All(frames.Index(), frame => Assert.True(JournalFrame.TryReadHead(frame.Index, frame.Item, out _) && JournalFrame.IsWhole(frame.Item)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Append_DiskFails_FailsAllThatWaitAndAllLaterOnes(bool atFlush)
    {
        await _writer.Append([1]);
        await _file.WaitForFlushAsync();
        IOException error = new("No space left on device.");
        _file.Hold();
        Task first = _writer.Append([2]);
        await _file.WaitForFlushAsync();
        Task second = _writer.Append([3]);
        (_file.WriteError, _file.FlushError) = atFlush ? (null, error) : (error, (Exception?)null);
        _file.LetGo();

        if (atFlush)
        {
            Assert.Same(error, (await Assert.ThrowsAsync<JournalWriteException>(() => first)).InnerException);
        }
        else
        {
            await first;
        }

        JournalWriteException fault = await Assert.ThrowsAsync<JournalWriteException>(() => second);
        Assert.Same(error, fault.InnerException);
        Assert.Contains("No space left on device. Records that were acknowledged before are kept", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Make room", fault.Message, StringComparison.Ordinal);
        (_file.WriteError, _file.FlushError) = (null, null);
        await Assert.ThrowsAsync<JournalWriteException>(() => _writer.Append([4]));
        await Assert.ThrowsAsync<JournalWriteException>(() => _writer.Flush());
        await _writer.CloseAsync();
        Assert.Equal(_writer.Statistics.LengthBytes, _file.Bytes.Length);
        Assert.Equal(atFlush ? 1 : 2, _writer.Statistics.Records);
    }

    [Fact]
    public async Task Append_DiskFailsAndCannotBeCut_StillSaysTheFirstError()
    {
        _file.WriteError = new IOException("first");
        _file.SetLengthError = new IOException("second");

        JournalWriteException fault = await Assert.ThrowsAsync<JournalWriteException>(() => _writer.Append([1]));

        Assert.Equal("first", fault.InnerException!.Message);
    }

    [Fact]
    public async Task Append_DiskFailsWhileOneHasNoRoom_FailsThatToo()
    {
        _file.Hold();
        _file.FlushError = new IOException("gone");
        Task first = _writer.Append([1]);
        await _file.WaitForFlushAsync();
        _ = _writer.Append(new byte[MaxQueuedBytes]);
        Task<Task> blocked = Task.Factory.StartNew(() => _writer.Append([1]), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        _file.LetGo();

        await Assert.ThrowsAsync<JournalWriteException>(() => first);
        Task last = await blocked;
        await Assert.ThrowsAsync<JournalWriteException>(() => last);
    }

    [Fact]
    public void Append_TooLong_IsRefused() => Assert.Throws<ArgumentException>(() => { _ = _writer.Append(new byte[JournalFrame.MaxRecordBytes + 1]); });
}

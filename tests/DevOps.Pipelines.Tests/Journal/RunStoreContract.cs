using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>What every store of runs does.</summary>
public abstract class RunStoreContract
{
    private const string RunId = "2026-01-02_shop.1";

    protected static DateTimeOffset Start { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    protected VirtualTimeProvider Clock { get; } = new(Start);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract IRunStore Store { get; }

    private IRunDeleter Deleter => (IRunDeleter)Store;

    private IRunInbox Inbox => (IRunInbox)Store;

    [Fact]
    public async Task CreateAsync_New_IsEmpty()
    {
        await using IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);

        Assert.Empty(await JournalBytes.ListAsync(journal.ReadAsync(Cancellation)));
        Assert.Empty(await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation)));
        Assert.Equal(0, journal.Statistics.Records);
        await journal.FlushAsync();
    }

    [Fact]
    public async Task AppendAsync_Records_AreThereInOrderAfterReopening()
    {
        byte[][] records = [.. JournalBytes.Random(1, 500, 3000), [], new byte[200_000]];
        await using (IRunJournal journal = await Store.CreateAsync(RunId, Cancellation))
        {
            foreach (byte[] record in records)
            {
                _ = journal.AppendAsync(record);
            }

            await journal.FlushAsync();
            Assert.Equal(records.Length, journal.Statistics.Records);
            Assert.InRange(journal.Statistics.LengthBytes, records.Sum(record => record.LongLength), records.Sum(record => record.LongLength + 100));
            Assert.Equal(records, await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation)));
            Assert.Empty(await JournalBytes.ListAsync(journal.ReadAsync(Cancellation)));
        }

        await using IRunJournal reopened = await Store.OpenAsync(RunId, Cancellation);
        await reopened.AppendAsync([7]);
        Assert.Equal(records, await JournalBytes.ListAsync(reopened.ReadAsync(Cancellation)));
        Assert.Equal(records, await JournalBytes.ListAsync(reopened.ReadAsync(Cancellation)));
        Assert.Equal([.. records, [7]], await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation)));
        Assert.Equal(records.Length + 1, reopened.Statistics.Records);
    }

    [Fact]
    public async Task ReadAsync_WhileOthersAppend_SeesAPrefix()
    {
        await using IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);
        Task append = Task.Run(async () =>
        {
            for (int i = 0; i < 2000; i++)
            {
                Task appended = journal.AppendAsync(BitConverter.GetBytes(i));
                await (i % 100 == 0 ? appended : Task.CompletedTask);
            }

            await journal.FlushAsync();
        }, Cancellation);
        int last = 0;
        while (last < 2000)
        {
            bool done = append.IsCompleted;
            List<byte[]> seen = await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation));

            Assert.Equal(Enumerable.Range(0, seen.Count), seen.Select(record => BitConverter.ToInt32(record)));
            Assert.True(seen.Count >= last && (seen.Count == 2000 || !done));
            last = seen.Count;
        }

        await append;
    }

    [Fact]
    public async Task AppendAsync_CallersMemory_IsCopied()
    {
        byte[] record = [1];
        await using IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);
        _ = journal.AppendAsync(record);
        record[0] = 2;
        await journal.AppendAsync(record);

        Assert.Equal([[1], [2]], await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation)));
    }

    [Fact]
    public async Task AppendAsync_DisposedOrTooLong_IsRefused()
    {
        IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);
        Assert.Throws<ArgumentException>(() => { _ = journal.AppendAsync(new byte[(16 << 20) + 1]); });
        await journal.AppendAsync([1]);
        await journal.DisposeAsync();
        await journal.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => { _ = journal.AppendAsync([1]); });
        Assert.Single(await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation)));
    }

    [Fact]
    public async Task CreateAsync_Existing_Fails()
    {
        await (await Store.CreateAsync(RunId, Cancellation)).DisposeAsync();

        Assert.Equal(RunId, (await Assert.ThrowsAsync<RunExistsException>(() => Store.CreateAsync(RunId, Cancellation))).RunId);
    }

    [Fact]
    public async Task CreateAsync_ManyAtOnce_OneWins()
    {
        for (int round = 0; round < 20; round++)
        {
            string id = $"run-{round}";
            Task<IRunJournal>[] tasks = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.CreateAsync(id, Cancellation), Cancellation))];
            await Task.WhenAny(Task.WhenAll(tasks));

            Assert.Equal(1, tasks.Count(task => task.IsCompletedSuccessfully));
            Assert.All(tasks.Where(task => task.IsFaulted), task => Assert.IsType<RunExistsException>(task.Exception!.InnerException));
            IRunJournal winner = await tasks.Single(task => task.IsCompletedSuccessfully);
            await winner.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenAsync_Held_SaysByWhom()
    {
        await using (IRunJournal journal = await Store.CreateAsync(RunId, Cancellation))
        {
            RunLeaseException error = await Assert.ThrowsAsync<RunLeaseException>(() => Store.OpenAsync(RunId, Cancellation));

            Assert.Equal(new RunHolder(error.Holder!.Machine, Environment.ProcessId, Start), error.Holder);
            Assert.Contains($"process {Environment.ProcessId} on '{error.Holder.Machine}' since 2026-01-02 03:04:05Z", error.Message, StringComparison.Ordinal);
            await journal.AppendAsync([1]);
        }

        await using IRunJournal free = await Store.OpenAsync(RunId, Cancellation);
        Assert.Equal(1, free.Statistics.Records);
    }

    [Fact]
    public async Task AnyMember_UnknownRun_SaysSo()
    {
        await Assert.ThrowsAsync<RunNotFoundException>(() => Store.OpenAsync(RunId, Cancellation));
        await Assert.ThrowsAsync<RunNotFoundException>(() => JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation)));
        await Assert.ThrowsAsync<RunNotFoundException>(() => Inbox.PostAsync(RunId, "m", default, Cancellation));
        await Assert.ThrowsAsync<RunNotFoundException>(() => Inbox.ReadMessagesAsync(RunId, Cancellation).ToArrayAsync(Cancellation).AsTask());
        Assert.False(await Deleter.DeleteAsync(RunId, Cancellation));
        Assert.Empty(await Store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("\u00E9")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task AnyMember_BadId_IsRefused(string id)
    {
        await (await Store.CreateAsync(RunId, Cancellation)).DisposeAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(id, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenAsync(id, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => JournalBytes.ListAsync(Store.ReadAsync(id, Cancellation)));
        await Assert.ThrowsAsync<ArgumentException>(() => Deleter.DeleteAsync(id, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Inbox.PostAsync(id, "m", default, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Inbox.PostAsync(RunId, id, default, Cancellation));
    }

    [Fact]
    public async Task ListAsync_Runs_NewestFirst()
    {
        await (await Store.CreateAsync("c", Cancellation)).DisposeAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await (await Store.CreateAsync("b", Cancellation)).DisposeAsync();
        await (await Store.CreateAsync("a", Cancellation)).DisposeAsync();

        Assert.Equal(
            [new RunEntry("a", Start.AddMilliseconds(1)), new RunEntry("b", Start.AddMilliseconds(1)), new RunEntry("c", Start)],
            await Store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task DeleteAsync_Run_IsGoneAndCanBeMadeAgain()
    {
        await using (IRunJournal journal = await Store.CreateAsync(RunId, Cancellation))
        {
            await journal.AppendAsync([1]);
            await Inbox.PostAsync(RunId, "m", new byte[] { 1 }, Cancellation);
            await Assert.ThrowsAsync<RunLeaseException>(() => Deleter.DeleteAsync(RunId, Cancellation));
            await journal.AppendAsync([2]);
        }

        Assert.Equal(2, (await JournalBytes.ListAsync(Store.ReadAsync(RunId, Cancellation))).Count);
        Assert.True(await Deleter.DeleteAsync(RunId, Cancellation));
        Assert.False(await Deleter.DeleteAsync(RunId, Cancellation));
        Assert.Empty(await Store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
        await using IRunJournal again = await Store.CreateAsync(RunId, Cancellation);
        Assert.Empty(await Inbox.ReadMessagesAsync(RunId, Cancellation).ToArrayAsync(Cancellation));
        Assert.Equal(0, again.Statistics.Records);
    }

    [Fact]
    public async Task DeleteAsync_WhileOthersOpenAndCreate_NeverTwoHoldOneRun()
    {
        int holders = 0;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            for (int round = 0; round < 60; round++)
            {
                try
                {
                    if (worker % 3 == 2)
                    {
                        await Deleter.DeleteAsync(RunId, Cancellation);
                        continue;
                    }

                    IRunJournal journal = worker % 3 == 0 ? await Store.CreateAsync(RunId, Cancellation) : await Store.OpenAsync(RunId, Cancellation);
                    Assert.Equal(1, Interlocked.Increment(ref holders));
                    await journal.AppendAsync([1]);
                    Interlocked.Decrement(ref holders);
                    await journal.DisposeAsync();
                }
                catch (DevOpsException e) when (e is RunExistsException or RunNotFoundException or RunLeaseException)
                {
                }
            }
        }, Cancellation)));
    }

    [Fact]
    public async Task PostAsync_Messages_AreReadInOrderAndStay()
    {
        await using IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);
        for (int i = 0; i < 12; i++)
        {
            byte[] message = new byte[i * i];
            Array.Fill(message, (byte)i);
            await Inbox.PostAsync(RunId, $"m-{12 - i}", message, Cancellation);
        }

        for (int time = 0; time < 2; time++)
        {
            RunMessage[] read = await Inbox.ReadMessagesAsync(RunId, Cancellation).ToArrayAsync(Cancellation);
            Assert.Equal(Enumerable.Range(0, 12).Select(i => $"m-{12 - i}"), read.Select(message => message.Id));
            Assert.All(read.Index(), message => Assert.Equal(Enumerable.Repeat((byte)message.Index, message.Index * message.Index), message.Item.Content.ToArray()));
        }
    }

    [Fact]
    public async Task PostAsync_SameIdTwice_IsOneMessage()
    {
        await using IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);
        await Inbox.PostAsync(RunId, "m", new byte[] { 1 }, Cancellation);
        await Inbox.PostAsync(RunId, "m", new byte[] { 2 }, Cancellation);
        await Inbox.PostAsync(RunId, "M2", new byte[] { 3 }, Cancellation);

        RunMessage[] read = await Inbox.ReadMessagesAsync(RunId, Cancellation).ToArrayAsync(Cancellation);

        Assert.Equal(["m", "M2"], read.Select(message => message.Id));
        Assert.Equal([1], read[0].Content.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(() => Inbox.PostAsync(RunId, "big", new byte[(16 << 20) + 1], Cancellation));
    }

    [Fact]
    public async Task PostAsync_ManyAtOnce_AllArrive()
    {
        await using IRunJournal journal = await Store.CreateAsync(RunId, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Inbox.PostAsync(RunId, $"m{i / 2}", BitConverter.GetBytes(i / 2), Cancellation), Cancellation)));

        RunMessage[] read = await Inbox.ReadMessagesAsync(RunId, Cancellation).ToArrayAsync(Cancellation);

        Assert.Equal(10, read.Length);
        Assert.All(read, message => Assert.Equal(message.Id, $"m{BitConverter.ToInt32(message.Content.Span)}"));
    }

    [Fact]
    public async Task AnyMember_Cancelled_Stops()
    {
        CancellationToken cancelled = new(true);
        await (await Store.CreateAsync(RunId, Cancellation)).DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CreateAsync("other", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenAsync(RunId, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deleter.DeleteAsync(RunId, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Inbox.PostAsync(RunId, "m", default, cancelled));
        await using IRunJournal journal = await Store.OpenAsync(RunId, Cancellation);
        Assert.Single(await Store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
    }
}

namespace DevOps.Pipelines.Tests;

public sealed class MemoryRunStoreTests : RunStoreContract
{
    private readonly MemoryRunStore _store;

    public MemoryRunStoreTests() => _store = new(Clock);

    private protected override IRunStore Store => _store;

    [Fact]
    public async Task CopyAfter_EachRecord_IsWhatADeadProcessLeft()
    {
        byte[][] records = [.. JournalBytes.Random(1, 40, 300)];
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);
        await _store.PostAsync("run", "m", new byte[] { 1 }, Cancellation);
        foreach (byte[] record in records)
        {
            await journal.AppendAsync(record);
        }

        for (int count = 0; count <= records.Length; count++)
        {
            MemoryRunStore copy = _store.CopyAfter("run", count);
            await using IRunJournal reopened = await copy.OpenAsync("run", Cancellation);
            await reopened.AppendAsync([9]);

            Assert.Equal(records[..count], await JournalBytes.ListAsync(reopened.ReadAsync(Cancellation)));
            Assert.Single(await copy.ReadMessagesAsync("run", Cancellation).ToArrayAsync(Cancellation));
        }

        Assert.Equal(records, await JournalBytes.ListAsync(_store.ReadAsync("run", Cancellation)));
        Assert.Equal(records, await JournalBytes.ListAsync(_store.CopyAfter("run", long.MaxValue).ReadAsync("run", Cancellation)));
    }

    [Fact]
    public async Task AppendAsync_Record_IsDurableAtOnceAndAllocatesNoTask()
    {
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);
        byte[] record = new byte[100];
        await journal.AppendAsync(record);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Same(Task.CompletedTask, journal.AppendAsync(record));
        }

        // The bytes themselves, their lengths, and what the last segment has left.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (10_000 * 104) + (512 << 10));
    }
}

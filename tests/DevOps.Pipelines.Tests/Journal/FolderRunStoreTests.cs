using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class FolderRunStoreTests : RunStoreContract, IDisposable
{
    private readonly TemporaryDirectory _temporary = TemporaryDirectory.Create();
    private readonly FolderRunStore _store;

    public FolderRunStoreTests() => _store = new(_temporary.PathOf("runs"), Options);

    private protected override IRunStore Store => _store;

    private FolderRunStoreOptions Options => new() { TimeProvider = Clock, MachineName = "ci-1" };

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task OpenAsync_HeldByAnotherStore_SaysByWhom()
    {
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);

        RunLeaseException error = await Assert.ThrowsAsync<RunLeaseException>(() => new FolderRunStore(_temporary.PathOf("runs")).OpenAsync("run", Cancellation));

        Assert.Equal(new("ci-1", Environment.ProcessId, Start), error.Holder);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ci-1\nnot a number\n2026-01-02T03:04:05.0000000+00:00\n")]
    [InlineData("ci-1\n1\nyesterday\n")]
    public async Task OpenAsync_HolderUnreadable_IsStillRefused(string holder)
    {
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);
        _temporary.Write("runs/run/holder", holder);

        RunLeaseException error = await Assert.ThrowsAsync<RunLeaseException>(() => _store.OpenAsync("run", Cancellation));

        Assert.Null(error.Holder);
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_LeftoversOfADeadProcess_AreNotInTheWay()
    {
        _temporary.Write("runs/.new-run/journal", "half");
        _temporary.Write("runs/.new-other/journal", "half");
        _temporary.Write("runs/.deleted-run/journal", "half");
        _temporary.Write("runs/a file", "not a run");
        _temporary.MakeDirectory("runs/not-a-run");
        Assert.Empty(await _store.ListAsync(Cancellation).ToArrayAsync(Cancellation));

        await (await _store.CreateAsync("run", Cancellation)).DisposeAsync();

        Assert.Single(await _store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
        Assert.True(await _store.DeleteAsync("run", Cancellation));
        Assert.Equal([".lock", "a file", "not-a-run"], Directory.GetFileSystemEntries(_temporary.PathOf("runs")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<RunExistsException>(() => _store.CreateAsync("not-a-run", Cancellation));
        Assert.False(await _store.DeleteAsync("not-a-run", Cancellation));
    }

    [Fact]
    public async Task OpenAsync_Refused_LeavesTheLeaseFree()
    {
        await (await _store.CreateAsync("run", Cancellation)).DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(_temporary.PathOf("runs/run/journal"), Cancellation);
        _temporary.Write("runs/run/journal", "damaged");
        await Assert.ThrowsAsync<JournalDamagedException>(() => _store.OpenAsync("run", Cancellation));
        Assert.Equal([new("run", null)], await _store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
        Assert.Equal(0, await _store.PruneAsync(new() { MaxRuns = 0 }, Clock, Cancellation));

        _temporary.Write("runs/run/journal", whole);

        await (await _store.OpenAsync("run", Cancellation)).DisposeAsync();
    }

    [Fact]
    public async Task ReadMessagesAsync_Damaged_IsRefused()
    {
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);
        await _store.PostAsync("run", "approve", JournalBytes.Text("yes"), Cancellation);
        string path = _temporary.PathOf("runs/run/inbox/0000000000-approve");
        byte[] whole = await File.ReadAllBytesAsync(path, Cancellation);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await IsRefusedAsync(path, damaged);
        }

        for (int length = 0; length < whole.Length; length++)
        {
            await IsRefusedAsync(path, whole[..length]);
        }

        await IsRefusedAsync(path, [.. whole, 0]);
        await File.WriteAllBytesAsync(path, whole, Cancellation);
        File.Move(path, _temporary.PathOf("runs/run/inbox/0000000001-approve"));
        await Assert.ThrowsAsync<JournalDamagedException>(() => _store.ReadMessagesAsync("run", Cancellation).ToArrayAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task PostAsync_LeftoversInTheInbox_AreNoMessages()
    {
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);
        _temporary.Write("runs/run/inbox/.partial", "half");
        _temporary.Write("runs/run/inbox/readme", "no message");
        _temporary.Write("runs/run/inbox/0000000000-..", "no message");

        await _store.PostAsync("run", "m", new byte[] { 1 }, Cancellation);

        Assert.Equal("m", Assert.Single(await _store.ReadMessagesAsync("run", Cancellation).ToArrayAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task OpenAsync_Journal_SharesFlushes()
    {
        await using IRunJournal journal = await _store.CreateAsync("run", Cancellation);
        Task[] tasks = [.. Enumerable.Range(0, 1000).Select(i => journal.AppendAsync(BitConverter.GetBytes(i)))];
        await Task.WhenAll(tasks);

        Assert.InRange(journal.Statistics.Flushes, 1, 999);
        Assert.Equal(new FileInfo(_temporary.PathOf("runs/run/journal")).Length, journal.Statistics.LengthBytes);
    }

    [Fact]
    public void Options_BadValues_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FolderRunStoreOptions { MaxQueuedBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FolderRunStoreOptions { MaxQueuedBytes = (1 << 30) + 1 });
        Assert.Throws<ArgumentException>(() => new FolderRunStoreOptions { MachineName = " " });
        Assert.Throws<ArgumentException>(() => new FolderRunStoreOptions { MachineName = "a\nb" });
        Assert.Throws<ArgumentNullException>(() => new FolderRunStoreOptions { TimeProvider = null! });
    }

    private async Task IsRefusedAsync(string path, byte[] bytes)
    {
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        await Assert.ThrowsAsync<JournalDamagedException>(() => _store.ReadMessagesAsync("run", Cancellation).ToArrayAsync(Cancellation).AsTask());
    }

    [Fact]
    public void DirectoryFlush_Create_MakesAllThatIsMissingAndMayComeAgain()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string path = directory.PathOf("a/b/c");
        DirectoryFlush.Create(path);
        Assert.True(Directory.Exists(path));
        DirectoryFlush.Create(path);
        DirectoryFlush.Create($"{path}/d/");
        Assert.True(Directory.Exists($"{path}/d"));
        Assert.ThrowsAny<IOException>(() => DirectoryFlush.Create(directory.Write("file") + "/below"));
    }
}

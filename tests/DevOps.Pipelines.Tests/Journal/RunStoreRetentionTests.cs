using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class RunStoreRetentionTests
{
    private readonly VirtualTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryRunStore _store;

    public RunStoreRetentionTests() => _store = new(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, "abcdef")]
    [InlineData(3, null, "def")]
    [InlineData(0, null, "")]
    [InlineData(9, null, "abcdef")]
    [InlineData(null, 2.0, "def")]
    [InlineData(null, 0.5, "f")]
    [InlineData(2, 3.0, "ef")]
    [InlineData(4, 1.0, "ef")]
    public async Task PruneAsync_Limits_KeepTheNewest(int? maxRuns, double? maxDays, string left)
    {
        await CreateAsync();

        int deleted = await _store.PruneAsync(new() { MaxRuns = maxRuns, MaxAge = maxDays is { } days ? TimeSpan.FromDays(days) : null }, _clock, Cancellation);

        Assert.Equal(6 - left.Length, deleted);
        Assert.Equal(left, await LeftAsync());
    }

    [Fact]
    public async Task PruneAsync_LeasedOrNotAllowed_Stays()
    {
        await CreateAsync();
        await using IRunJournal held = await _store.OpenAsync("a", Cancellation);
        List<string> asked = [];

        int deleted = await _store.PruneAsync(
            new()
            {
                MaxRuns = 2,
                MayDelete = (run, _) =>
                {
                    asked.Add(run.Id);
                    return new(run.Id != "c");
                },
            },
            _clock, Cancellation);

        Assert.Equal(2, deleted);
        Assert.Equal("acef", await LeftAsync());
        Assert.Equal(["a", "b", "c", "d"], asked);
    }

    [Fact]
    public void Retention_NegativeLimits_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunRetention { MaxRuns = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunRetention { MaxAge = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentNullException>(() => new RunRetention { MayDelete = null! });
    }

    private async Task CreateAsync()
    {
        foreach (char id in "abcdef")
        {
            await (await _store.CreateAsync(id.ToString(), Cancellation)).DisposeAsync();
            _clock.Advance(TimeSpan.FromDays(id == 'f' ? 0 : 1));
        }
    }

    private async Task<string> LeftAsync() => string.Concat((await _store.ListAsync(Cancellation).ToArrayAsync(Cancellation)).Select(run => run.Id).Order());
}

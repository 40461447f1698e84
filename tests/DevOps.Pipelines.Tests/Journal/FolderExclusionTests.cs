using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class FolderExclusionTests : ExclusionStoreContract, IDisposable
{
    private readonly TemporaryDirectory _temporary = TemporaryDirectory.Create();
    private readonly FolderRunStore _store;

    public FolderExclusionTests() => _store = new(_temporary.Path, new() { TimeProvider = Clock });

    private protected override IExclusionStore Store => _store;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task EnterAsync_OtherStoreOfTheDirectory_Waits()
    {
        FolderRunStore other = new(_temporary.Path, new() { TimeProvider = Clock });
        IAsyncDisposable first = await _store.EnterAsync("staging", Cancellation);
        Task<IAsyncDisposable> second = other.EnterAsync("staging", Cancellation);
        await WaitsAsync();
        Clock.Advance(Pause);
        await WaitsAsync();
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();
        Clock.Advance(Pause);

        await (await second).DisposeAsync();
        Assert.Empty(await _store.ListAsync(Cancellation).ToArrayAsync(Cancellation));
    }

    private protected override Task WaitsAsync() => Clock.WaitForTimerAsync(length => length == Pause, Cancellation);
}

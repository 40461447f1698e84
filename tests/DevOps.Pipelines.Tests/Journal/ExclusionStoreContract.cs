using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>What every store does that lets one at a time do something.</summary>
public abstract class ExclusionStoreContract
{
    private protected static TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(200);

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected VirtualTimeProvider Clock { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private protected abstract IExclusionStore Store { get; }

    [Fact]
    public async Task EnterAsync_Inside_LetsOthersWait()
    {
        IAsyncDisposable first = await Store.EnterAsync("staging", Cancellation);
        await using IAsyncDisposable other = await Store.EnterAsync("Staging/\u00E9 \0", Cancellation);
        Task<IAsyncDisposable> second = Store.EnterAsync("staging", Cancellation);
        Assert.False(second.IsCompleted);
        await WaitsAsync();
        Clock.Advance(Pause);
        await WaitsAsync();
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();
        await first.DisposeAsync();
        Clock.Advance(Pause);

        await using IAsyncDisposable entered = await second;
        Assert.False(Store.EnterAsync("staging", Cancellation).IsCompleted);
    }

    [Fact]
    public async Task EnterAsync_CancelledWhileWaiting_IsNotInside()
    {
        using CancellationTokenSource cancel = new();
        IAsyncDisposable first = await Store.EnterAsync("staging", Cancellation);
        Task<IAsyncDisposable> second = Store.EnterAsync("staging", cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await first.DisposeAsync();
        Task<IAsyncDisposable> third = Store.EnterAsync("staging", Cancellation);
        Assert.True(third.IsCompletedSuccessfully);
        await (await third).DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.EnterAsync("staging", new(true)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.EnterAsync("", Cancellation));
    }

    /// <summary>Ends when the one that waits has looked, and will look again.</summary>
    private protected virtual Task WaitsAsync() => Task.CompletedTask;
}

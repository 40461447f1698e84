namespace DevOps.Registry.Server.Tests.Authorization;

public sealed class PasswordGateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryRun_MoreThanTheLimits_AreTurnedAway()
    {
        using PasswordGate gate = new(maxParallel: 1, maxWaiting: 2);
        using ManualResetEventSlim end = new();
        int running = 0;
        int most = 0;
        bool Check()
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            end.Wait(Cancellation);
            Interlocked.Decrement(ref running);
            return true;
        }

        Task<bool>?[] checks = [.. Enumerable.Range(0, 5).Select(i => gate.TryRun($"key {i}", $"user {i}", Check))];
        Assert.Equal([false, false, false, true, true], checks.Select(check => check is null));
        end.Set();
        bool[] verdicts = await Task.WhenAll(checks.OfType<Task<bool>>());
        Assert.Equal([true, true, true], verdicts);
        Assert.Equal(1, most);
        Assert.True(await gate.TryRun("key 3", "user 3", Check)!);
    }

    [Fact]
    public async Task TryRun_OneName_TakesTwoPlacesAtMost()
    {
        using PasswordGate gate = new(maxParallel: 1, maxWaiting: 10);
        using ManualResetEventSlim end = new();
        bool Check()
        {
            end.Wait(Cancellation);
            return false;
        }

        Task<bool>?[] guesses = [.. Enumerable.Range(0, 4).Select(i => gate.TryRun($"guess {i}", "bob", Check))];
        Assert.Equal([false, false, true, true], guesses.Select(check => check is null));
        Task<bool>? other = gate.TryRun("right", "alice", () => true);
        Assert.NotNull(other);
        end.Set();
        Assert.True(await other);
        await Task.WhenAll(guesses.OfType<Task<bool>>());
        Assert.NotNull(gate.TryRun("guess 9", "bob", () => false));
    }

    [Fact]
    public async Task TryRun_SameKeyAtOnce_IsCheckedOnce()
    {
        using PasswordGate gate = new(maxParallel: 2, maxWaiting: 10);
        using ManualResetEventSlim end = new();
        int count = 0;
        bool Check()
        {
            Interlocked.Increment(ref count);
            end.Wait(Cancellation);
            return true;
        }

        Task<bool>[] checks = [.. Enumerable.Range(0, 20).Select(_ => gate.TryRun("key", "alice", Check)!)];
        end.Set();
        Assert.All(await Task.WhenAll(checks), Assert.True);
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task TryRun_CheckThatFails_GivesItsPlaceBack()
    {
        using PasswordGate gate = new(maxParallel: 1, maxWaiting: 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => gate.TryRun("key", "alice", () => throw new InvalidOperationException())!);
        Assert.True(await gate.TryRun("key", "alice", () => true)!);
    }

    [Fact]
    public void Cache_FloodOfWrongOnes_KeepsTheRightAndTheNewest()
    {
        PasswordCache cache = new(2);
        cache.Add("right", true);
        foreach (string key in (string[])["wrong 1", "wrong 2"])
        {
            cache.Add(key, false);
        }

        Assert.False(cache.Find("wrong 1"));
        cache.Add("wrong 3", false);
        Assert.Null(cache.Find("wrong 2"));
        Assert.False(cache.Find("wrong 1"));
        Assert.False(cache.Find("wrong 3"));
        Assert.True(cache.Find("right"));
        PasswordCache none = new(0);
        none.Add("right", true);
        Assert.Null(none.Find("right"));
    }
}

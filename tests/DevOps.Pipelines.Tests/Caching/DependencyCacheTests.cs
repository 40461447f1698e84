using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class DependencyCacheTests : IDisposable
{
    private static readonly FilePatterns All = FilePatterns.Of("**");

    private readonly TemporaryDirectory _root = TemporaryDirectory.Create();
    private readonly VirtualTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DependencyCache _cache;

    public DependencyCacheTests() => _cache = DependencyCache.InFolder(_root.PathOf("cache"), timeProvider: _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task RestoreAsync_SameKey_IsAnExactHit()
    {
        CapturedCacheKey key = await KeyAsync("nuget", "1");
        Assert.Equal((CacheHit.Miss, false), await RestoreAsync(key, "out"));
        Assert.Equal(CacheSaveOutcome.Saved, await SaveAsync(key, "one"));

        CacheResult result = await _cache.RestoreAsync(await KeyAsync("nuget", "1"), _root.PathOf("out"), cancellationToken: Cancellation);

        Assert.Equal((CacheHit.Exact, null), (result.Hit, result.Warning));
        Assert.Empty(result.Changes);
        Assert.Equal("one", File.ReadAllText(_root.PathOf("out/package")));
        Assert.Equal(CacheSaveOutcome.AlreadyThere, await SaveAsync(key, "two"));
    }

    [Fact]
    public async Task RestoreAsync_OtherInputs_IsAMissThatSaysWhatChanged()
    {
        await SaveAsync(await KeyAsync("nuget", "1"), "one");

        CacheResult result = await _cache.RestoreAsync(await KeyAsync("nuget", "2"), _root.PathOf("out"), cancellationToken: Cancellation);

        Assert.Equal(CacheHit.Miss, result.Hit);
        Assert.Equal(["value 'version' changed"], result.Changes.Select(change => change.ToString()));
        Assert.False(Directory.Exists(_root.PathOf("out")));
    }

    [Fact]
    public async Task RestoreAsync_Fallback_IsTheNewestOfTheFirstStartThatHasOne()
    {
        foreach (string name in (string[])["nuget-main", "nuget-old", "nuget-feature", "npm-main"])
        {
            await SaveAsync(await KeyAsync(name, "1"), name);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        CapturedCacheKey key = await KeyAsync("nuget-mine", "1");

        Assert.Equal("nuget-feature", await FallbackAsync("nope", "nuget-", "npm-"));
        Assert.Equal("nuget-main", await FallbackAsync("nuget-m"));
        Assert.Equal("npm-main", await FallbackAsync("npm-main", "nuget-"));
        Assert.Null(await FallbackAsync("nope"));

        async Task<string?> FallbackAsync(params string[] names)
        {
            CacheResult result = await _cache.RestoreAsync(key, _root.PathOf("out"), names, cancellationToken: Cancellation);
            Assert.Equal(result.Artifact is null ? CacheHit.Miss : CacheHit.Fallback, result.Hit);
            return result.Artifact is null ? null : File.ReadAllText(_root.PathOf("out/package"));
        }
    }

    [Fact]
    public async Task RestoreAsync_FallbackToTheOwnName_SaysWhatChanged()
    {
        await SaveAsync(await KeyAsync("nuget", "1"), "one");

        CacheResult result = await _cache.RestoreAsync(await KeyAsync("nuget", "2"), _root.PathOf("out"), ["nuget"], cancellationToken: Cancellation);

        Assert.Equal((CacheHit.Fallback, "value 'version' changed"), (result.Hit, Assert.Single(result.Changes).ToString()));
        Assert.Equal(CacheSaveOutcome.Saved, await SaveAsync(await KeyAsync("nuget", "2"), "two"));
    }

    [Fact]
    public async Task Policy_PushOrPull_DoesTheOneOnly()
    {
        CapturedCacheKey key = await KeyAsync("nuget", "1");

        Assert.Equal(CacheSaveOutcome.NotAsked, (await _cache.SaveAsync(key, _root.Path, All, CachePolicy.Pull, Cancellation)).Outcome);
        await SaveAsync(key, "one", CachePolicy.Push);
        Assert.Equal(CacheHit.NotAsked, (await _cache.RestoreAsync(key, _root.PathOf("out"), policy: CachePolicy.Push, cancellationToken: Cancellation)).Hit);
        Assert.Equal(CacheHit.Exact, (await _cache.RestoreAsync(key, _root.PathOf("out"), policy: CachePolicy.Pull, cancellationToken: Cancellation)).Hit);
    }

    [Theory]
    [InlineData("files")]
    [InlineData("entries")]
    public async Task RestoreAsync_DamagedEntry_IsAMissWithAWarningAndCanBeSavedAgain(string part)
    {
        CapturedCacheKey key = await KeyAsync("nuget", "1");
        await SaveAsync(key, "one");
        foreach (string file in Directory.GetFiles(_root.PathOf("cache/" + part), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Length == 64))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^10] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        _root.Write("out/mine", "stays");
        CacheResult result = await _cache.RestoreAsync(key, _root.PathOf("out"), cancellationToken: Cancellation);

        Assert.Equal(CacheHit.Miss, result.Hit);
        Assert.Contains("could not be restored", result.Warning, StringComparison.Ordinal);
        Assert.Equal(["mine"], ArtifactSavingTests.Tree(_root.PathOf("out")));
        Assert.Equal(CacheSaveOutcome.Saved, await SaveAsync(key, "one"));
        Assert.Equal((CacheHit.Exact, false), await RestoreAsync(key, "out"));
    }

    [Fact]
    public async Task RestoreAsync_ExactEntryIsBroken_FallsBack()
    {
        await SaveAsync(await KeyAsync("nuget", "1"), "one");
        CapturedCacheKey key = await KeyAsync("nuget", "2");
        await SaveAsync(key, "two");
        FolderArtifactStore store = new(_root.PathOf("cache/files"));
        CacheResult exact = await _cache.RestoreAsync(key, _root.PathOf("out"), cancellationToken: Cancellation);
        await store.DeleteAsync(exact.Artifact!, Cancellation);

        Assert.Equal((CacheHit.Fallback, true), await RestoreAsync(key, "out", "nuget"));
        Assert.Equal("one", File.ReadAllText(_root.PathOf("out/package")));
    }

    [Fact]
    public async Task SaveAsync_ManyAtOnce_AreAllFine()
    {
        CapturedCacheKey key = await KeyAsync("nuget", "1");
        _root.Write("in/package", "one");

        CacheSaveResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _cache.SaveAsync(key, _root.PathOf("in"), All, cancellationToken: Cancellation), Cancellation)));

        Assert.All(results, result => Assert.True(result.Outcome is CacheSaveOutcome.Saved or CacheSaveOutcome.AlreadyThere, result.Reason));
        Assert.Contains(results, result => result.Outcome == CacheSaveOutcome.Saved);
        Assert.Equal((CacheHit.Exact, false), await RestoreAsync(key, "out"));
    }

    [Fact] // A full disk must not end the job, nor cost what is there.
    public async Task SaveAsync_FullDisk_IsAWarningAndNothingGoes()
    {
        CapturedCacheKey first = await KeyAsync("nuget", "1");
        await SaveAsync(first, "one");
        FolderArtifactStore files = new(_root.PathOf("cache/files"), _clock);
        DependencyCache full = new(new FullStore(files), new FolderCacheRecords(_root.PathOf("cache/entries"), _clock));

        CacheSaveResult result = await full.SaveAsync(await KeyAsync("nuget", "2"), _root.PathOf("in"), All, cancellationToken: Cancellation);

        Assert.Equal(CacheSaveOutcome.Failed, result.Outcome);
        Assert.Contains(FullStore.Message, result.Reason, StringComparison.Ordinal);
        Assert.Equal((CacheHit.Exact, false), await RestoreAsync(first, "out"));
    }

    [Fact]
    public async Task SaveAsync_MoreThanTheBound_RemovesWhatWasNotUsedForLongest()
    {
        byte[] noise = new byte[1000];
        DependencyCache small = DependencyCache.InFolder(_root.PathOf("small"), new() { MaxBytes = 4000 }, _clock);
        List<CapturedCacheKey> keys = [];
        for (int i = 0; i < 5; i++)
        {
            keys.Add(await KeyAsync("nuget", $"{i}"));
            new Random(i).NextBytes(noise);
            _root.Write("in/package", noise);
            Assert.Equal(CacheSaveOutcome.Saved, (await small.SaveAsync(keys[i], _root.PathOf("in"), All, cancellationToken: Cancellation)).Outcome);
            _clock.Advance(TimeSpan.FromMinutes(1));
            await small.RestoreAsync(keys[0], _root.PathOf("out"), cancellationToken: Cancellation);
        }

        List<bool> hits = [];
        foreach (CapturedCacheKey key in keys)
        {
            hits.Add((await small.RestoreAsync(key, _root.PathOf("out"), cancellationToken: Cancellation)).Hit == CacheHit.Exact);
        }

        Assert.True(hits[0] && hits[4], "What was used last must stay.");
        Assert.False(hits[1], "What was not used for longest goes first.");
        Assert.InRange(Held(), 1, 4000);

        long Held() => new DirectoryInfo(_root.PathOf("small/files")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    [Fact] // One entry that needs all the room would cost every other.
    public async Task SaveAsync_EntryOfMoreThanHalfTheBound_IsNotSaved()
    {
        byte[] noise = new byte[3000];
        DependencyCache small = DependencyCache.InFolder(_root.PathOf("small"), new() { MaxBytes = 4000 }, _clock);
        _root.Write("in/package", "small");
        CapturedCacheKey key = await KeyAsync("nuget", "1");
        await small.SaveAsync(key, _root.PathOf("in"), All, cancellationToken: Cancellation);
        new Random(1).NextBytes(noise);
        _root.Write("in/package", noise);

        CacheSaveResult result = await small.SaveAsync(await KeyAsync("nuget", "2"), _root.PathOf("in"), All, cancellationToken: Cancellation);

        Assert.Equal(CacheSaveOutcome.Failed, result.Outcome);
        Assert.Equal(CacheHit.Exact, (await small.RestoreAsync(key, _root.PathOf("out"), cancellationToken: Cancellation)).Hit);
    }

    [Fact]
    public async Task SaveAsync_MoreEntriesThanTheBound_ForgetsTheOldest()
    {
        DependencyCache two = DependencyCache.InFolder(_root.PathOf("two"), new() { MaxEntries = 2 }, _clock);
        List<CapturedCacheKey> keys = [];
        for (int i = 0; i < 3; i++)
        {
            keys.Add(await KeyAsync("nuget", $"{i}"));
            _root.Write("in/package", $"{i}");
            await two.SaveAsync(keys[i], _root.PathOf("in"), All, cancellationToken: Cancellation);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(CacheHit.Miss, (await two.RestoreAsync(keys[0], _root.PathOf("out"), cancellationToken: Cancellation)).Hit);
        Assert.Equal(CacheHit.Exact, (await two.RestoreAsync(keys[1], _root.PathOf("out"), cancellationToken: Cancellation)).Hit);
    }

    [Fact]
    public async Task Cache_ThatCannotBeReached_IsAWarning()
    {
        DependencyCache absent = new(new MemoryArtifactStore(), new AbsentRecords());
        CapturedCacheKey key = await KeyAsync("nuget", "1");
        _root.Write("in/package", "one");

        CacheResult restored = await absent.RestoreAsync(key, _root.PathOf("out"), ["nuget"], cancellationToken: Cancellation);
        CacheSaveResult saved = await absent.SaveAsync(key, _root.PathOf("in"), All, cancellationToken: Cancellation);

        Assert.Equal(CacheHit.Miss, restored.Hit);
        Assert.Contains(AbsentRecords.Message, restored.Warning, StringComparison.Ordinal);
        Assert.Equal(CacheSaveOutcome.Failed, saved.Outcome);
    }

    [Fact]
    public async Task SaveAsync_NoFiles_IsAWarning()
    {
        CacheSaveResult result = await _cache.SaveAsync(await KeyAsync("nuget", "1"), _root.MakeDirectory("empty"), All, cancellationToken: Cancellation);

        Assert.Equal(CacheSaveOutcome.Failed, result.Outcome);
        Assert.Contains("'**'", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_ToldToStop_Stops()
    {
        CapturedCacheKey key = await KeyAsync("nuget", "1");
        _root.Write("in/package", "one");
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.SaveAsync(key, _root.PathOf("in"), All, cancellationToken: stop.Token));
        await SaveAsync(key, "one");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.RestoreAsync(key, _root.PathOf("out"), cancellationToken: stop.Token));
    }

    private Task<CapturedCacheKey> KeyAsync(string name, string version) => CacheKey.Of(name).WithValue("version", version).CaptureAsync(_root.Path, cancellationToken: Cancellation);

    private async Task<CacheSaveOutcome> SaveAsync(CapturedCacheKey key, string content, CachePolicy policy = CachePolicy.PullPush)
    {
        _root.Write("in/package", content);
        return (await _cache.SaveAsync(key, _root.PathOf("in"), All, policy, Cancellation)).Outcome;
    }

    private async Task<(CacheHit Hit, bool IsWarned)> RestoreAsync(CapturedCacheKey key, string directory, params string[] fallbacks)
    {
        CacheResult result = await _cache.RestoreAsync(key, _root.PathOf(directory), fallbacks, cancellationToken: Cancellation);
        return (result.Hit, result.Warning is not null);
    }
}

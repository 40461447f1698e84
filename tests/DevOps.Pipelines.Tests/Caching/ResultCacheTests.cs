using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class ResultCacheTests : IDisposable
{
    private readonly TemporaryDirectory _root = TemporaryDirectory.Create();
    private readonly VirtualTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryArtifactStore _store = new();
    private readonly ResultCache _cache;

    public ResultCacheTests() => _cache = new(new FolderCacheRecords(_root.PathOf("results"), _clock), _store, 2, _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task FindAsync_SameInputs_GivesTheResultAndItsArtifacts()
    {
        Artifact artifact = await ArtifactAsync();
        FingerprintRecord fingerprint = await FingerprintAsync("1");
        Assert.Equal("'build' runs: no result of it is recorded.", (await _cache.FindAsync(fingerprint, Cancellation)).Reason);
        await _cache.StoreAsync(fingerprint, new("result"u8.ToArray(), [artifact]), Cancellation);

        ResultLookup found = await _cache.FindAsync(await FingerprintAsync("1"), Cancellation);

        Assert.Equal("result"u8.ToArray(), found.Result!.Bytes.ToArray());
        Assert.Equal([artifact], found.Result.Artifacts);
        Assert.Null(found.Warning);
    }

    [Fact]
    public async Task FindAsync_OtherInputs_SaysWhichChanged()
    {
        await _cache.StoreAsync(await FingerprintAsync("1"), new(default, []), Cancellation);

        ResultLookup found = await _cache.FindAsync(await FingerprintAsync("2"), Cancellation);

        Assert.Null(found.Result);
        Assert.Equal("'build' runs: version changed.", found.Reason);
        Assert.Equal(InputChangeKind.Changed, Assert.Single(found.Changes).Change);
    }

    [Fact]
    public async Task FindAsync_ArtifactThatIsGoneOrExpired_LetsTheJobRun()
    {
        FingerprintRecord fingerprint = await FingerprintAsync("1");
        Artifact artifact = await ArtifactAsync() with { ExpiresAt = _clock.GetUtcNow().AddDays(1) };
        await _cache.StoreAsync(fingerprint, new(default, [artifact]), Cancellation);
        Assert.NotNull((await _cache.FindAsync(fingerprint, Cancellation)).Result);
        Assert.Null((await new ResultCache(new FolderCacheRecords(_root.PathOf("results"))).FindAsync(fingerprint, Cancellation)).Result);

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Null((await _cache.FindAsync(fingerprint, Cancellation)).Result);

        Artifact kept = artifact with { ExpiresAt = null };
        await _cache.StoreAsync(fingerprint, new(default, [kept]), Cancellation);
        Assert.NotNull((await _cache.FindAsync(fingerprint, Cancellation)).Result);
        await _store.DeleteAsync(kept, Cancellation);
        ResultLookup found = await _cache.FindAsync(fingerprint, Cancellation);
        Assert.Null(found.Result);
        Assert.Contains("'web' cannot be had", found.Reason, StringComparison.Ordinal);
    }

    [Fact] // Damage of any kind lets the job run; it never gives another result, and never fails the job.
    public async Task FindAsync_DamagedRecord_LetsTheJobRun()
    {
        FingerprintRecord fingerprint = await FingerprintAsync("1");
        await _cache.StoreAsync(fingerprint, new("result"u8.ToArray(), []), Cancellation);
        string file = Directory.GetFiles(_root.Path, fingerprint.Digest.Hex, SearchOption.AllDirectories).Single();
        foreach (byte[] bytes in Damage.Of(File.ReadAllBytes(file), 9, 300))
        {
            File.WriteAllBytes(file, bytes);
            ResultLookup found = await _cache.FindAsync(fingerprint, Cancellation);
            Assert.True(found.Result is null ? found.Warning is not null : found.Result.Bytes.Span.SequenceEqual("result"u8), found.Reason);
        }
    }

    [Fact] // A whole record in the place of another one.
    public async Task FindAsync_RecordOfOtherInputs_LetsTheJobRun()
    {
        FingerprintRecord one = await FingerprintAsync("1");
        FingerprintRecord two = await FingerprintAsync("2");
        await _cache.StoreAsync(one, new("one"u8.ToArray(), []), Cancellation);
        string file = Directory.GetFiles(_root.Path, one.Digest.Hex, SearchOption.AllDirectories).Single();
        File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, two.Digest.Hex));

        ResultLookup found = await _cache.FindAsync(two, Cancellation);

        Assert.Null(found.Result);
        Assert.NotNull(found.Warning);
    }

    [Fact]
    public async Task Cache_ThatCannotBeReached_LetsTheJobRun()
    {
        ResultCache absent = new(new AbsentRecords());

        ResultLookup found = await absent.FindAsync(await FingerprintAsync("1"), Cancellation);

        Assert.Equal((null, AbsentRecords.Message), (found.Result, found.Warning));
        Assert.Equal(CacheSaveOutcome.Failed, (await absent.StoreAsync(await FingerprintAsync("1"), new(default, []), Cancellation)).Outcome);
    }

    [Fact]
    public async Task StoreAsync_MoreThanTheBound_ForgetsTheOldestOfTheJobOnly()
    {
        FingerprintRecord other = await Fingerprint.Of("build2").CaptureAsync(_root.Path, cancellationToken: Cancellation);
        await _cache.StoreAsync(other, new(default, []), Cancellation);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await _cache.StoreAsync(await FingerprintAsync($"{i}"), new(default, []), Cancellation);
        }

        Assert.Null((await _cache.FindAsync(await FingerprintAsync("0"), Cancellation)).Result);
        Assert.NotNull((await _cache.FindAsync(await FingerprintAsync("1"), Cancellation)).Result);
        Assert.NotNull((await _cache.FindAsync(other, Cancellation)).Result);
    }

    private Task<FingerprintRecord> FingerprintAsync(string version) => Fingerprint.Of("build").WithVersion(version).CaptureAsync(_root.Path, cancellationToken: Cancellation);

    private async Task<Artifact> ArtifactAsync()
    {
        _root.Write("out/a", "x");
        return await _store.SaveAsync("web", _root.Path, FilePatterns.Of("out"), new() { TimeProvider = _clock }, Cancellation);
    }
}

using System.Text;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class FolderCacheRecordsTests : IDisposable
{
    private static readonly Digest One = Digest.Compute("1"u8);
    private static readonly Digest Two = Digest.Compute("2"u8);

    private readonly TemporaryDirectory _folder = TemporaryDirectory.Create();
    private readonly VirtualTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FolderCacheRecords _records;

    public FolderCacheRecordsTests() => _records = new(_folder.PathOf("records"), _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_NamesOfAllKinds_AreKeptApart()
    {
        string[] names = ["nuget", "Nuget", "..", "a/b", "a\\b", "x\ny", new('\u00E9', 3000)];
        foreach (string name in names)
        {
            await _records.WriteAsync(name, One, Encoding.UTF8.GetBytes(name), Cancellation);
        }

        foreach (string name in names)
        {
            Assert.Equal(name, Encoding.UTF8.GetString((await _records.ReadAsync(name, One, Cancellation))!.Value.Span));
        }

        Assert.Null(await _records.ReadAsync("nuget", Two, Cancellation));
        Assert.Null(await _records.ReadAsync("other", One, Cancellation));
        Assert.Equal(names.Order(StringComparer.Ordinal), (await ListAsync("")).Select(record => record.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["a/b", "a\\b"], (await ListAsync("a")).Select(record => record.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListAsync_Times_AreThoseOfTheClock()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        await _records.WriteAsync("a", One, "x"u8.ToArray(), Cancellation);
        _clock.Advance(TimeSpan.FromHours(1));
        await _records.ReadAsync("a", One, Cancellation);

        Assert.Equal(new CacheRecordInfo("a", One, start, start.AddHours(1)), Assert.Single(await ListAsync("")));
        await _records.RemoveAsync("a", One, Cancellation);
        await _records.RemoveAsync("a", One, Cancellation);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task ReadAsync_EveryDamage_IsTold()
    {
        await _records.WriteAsync("a", One, "some record"u8.ToArray(), Cancellation);
        string file = Directory.GetFiles(_folder.Path, One.Hex, SearchOption.AllDirectories).Single();
        byte[] whole = File.ReadAllBytes(file);
        foreach (byte[] damaged in (byte[][])[[], whole[..^1], whole[..63], [.. whole, 0], [(byte)(whole[0] ^ 1), .. whole[1..]]])
        {
            File.WriteAllBytes(file, damaged);
            await Assert.ThrowsAsync<InvalidContentException>(() => _records.ReadAsync("a", One, Cancellation));
        }

        await _records.WriteAsync("a", One, "some record"u8.ToArray(), Cancellation);
        Assert.Equal(whole, File.ReadAllBytes(file));
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnce_OneStays()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => _records.WriteAsync("a", One, new byte[1000 + i], Cancellation), Cancellation)));

        Assert.InRange((await _records.ReadAsync("a", One, Cancellation))!.Value.Length, 1000, 1031);
        Assert.Single(await ListAsync(""));
    }

    [Fact]
    public async Task ListAsync_FilesOfOthers_AreNoRecords()
    {
        await _records.WriteAsync("a", One, "x"u8.ToArray(), Cancellation);
        string directory = Directory.GetDirectories(_folder.PathOf("records/1")).Single();
        File.WriteAllText(Path.Combine(directory, "notes.txt"), "");
        Directory.CreateDirectory(_folder.PathOf("records/1/other"));
        Directory.CreateDirectory(_folder.PathOf("records/1/false"));
        File.WriteAllText(_folder.PathOf("records/1/false/name"), "a");
        File.WriteAllText(_folder.PathOf($"records/1/false/{Two.Hex}"), "x");

        Assert.Equal(One, Assert.Single(await ListAsync("")).Key);
    }

    private async Task<List<CacheRecordInfo>> ListAsync(string prefix)
    {
        List<CacheRecordInfo> records = [];
        await foreach (CacheRecordInfo record in _records.ListAsync(prefix, Cancellation))
        {
            records.Add(record);
        }

        return records;
    }
}

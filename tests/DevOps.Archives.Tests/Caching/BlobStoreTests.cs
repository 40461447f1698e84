using DevOps.Archives.Caching;
using DevOps.Archives.Tests.Compression.Deflate;

namespace DevOps.Archives.Tests.Caching;

public sealed class BlobStoreTests : IDisposable
{
    private const UnixFileMode Writable = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly CachedTree _tree = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PackToFileAsync_Found_IsAnotherNameOfTheCachesFile()
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        await _tree.PackAsync(cache, output: _tree.PathOf("second"));

        string blob = Assert.Single(_tree.Entries(CacheFolder.Blobs));
        Assert.Equal(Path.GetFileName(blob), (await _tree.PackAsync(cache)).Digest.Hex);
        foreach (string path in new[] { _tree.Output, _tree.PathOf("second") })
        {
            Assert.Equal(DevOps.Archives.Directories.FileStatus.Read(blob, false).Origin!.Value.Identity, DevOps.Archives.Directories.FileStatus.Read(path, false).Origin!.Value.Identity);
        }

        Directory.Delete(_tree.CachePath, recursive: true);
        Assert.True(File.Exists(_tree.Output));
        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(cache)).Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_CacheOnAnotherVolume_CopiesAndHashes()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm") && Device("/dev/shm") != Device(Path.GetTempPath()), "there is no second volume");
        string path = Path.Combine("/dev/shm", Path.GetFileName(Path.GetDirectoryName(_tree.Path))!);
        PackCache cache = PackCache.Open(path, new() { TimeProvider = OffsetClock.Ahead });
        try
        {
            Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(cache)).Outcome);
            Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache)).Outcome);
            Assert.True(File.GetUnixFileMode(_tree.Output).HasFlag(Writable));
            Damage(Assert.Single(Directory.GetFiles(Path.Combine(path, "1", "blobs"), "*", SearchOption.AllDirectories)));

            CacheUse use = await _tree.PackRightAsync(cache);

            Assert.Equal((CacheOutcome.Packed, 1), (use.Outcome, use.FailureCount));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }

        static (uint, uint, ulong) Device(string directory) => DevOps.Archives.Directories.FileStatus.Read(directory, true).Origin!.Value.Identity with { Inode = 0 };
    }

    [Theory]
    [InlineData("written in place")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("gone")]
    [InlineData("a directory")]
    public async Task PackToFileAsync_OutputOfTheCacheChangedInPlace_IsPackedAgain(string change)
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        string blob = Assert.Single(_tree.Entries(CacheFolder.Blobs));
        File.SetUnixFileMode(_tree.Output, Writable);
        switch (change)
        {
            case "gone" or "a directory":
                File.Delete(blob);
                _ = change == "gone" ? null : Directory.CreateDirectory(blob);
                break;
            default:
                await using (FileStream file = File.OpenWrite(_tree.Output))
                {
                    file.Seek(change == "longer" ? file.Length : 1000, SeekOrigin.Begin);
                    file.WriteByte(7);
                    file.SetLength(change == "cut" ? 2000 : file.Length);
                }

                break;
        }

        CacheUse use = await _tree.PackRightAsync(cache);

        Assert.Equal(CacheOutcome.Packed, use.Outcome);
        if (change != "a directory")
        {
            Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache)).Outcome);
        }
    }

    [Fact]
    public async Task PackAsync_DamageThatNoTimeShows_IsNoticedWhenBytesAreCopied()
    {
        PackCache cache = _tree.Open();
        byte[] expected = (await _tree.StreamAsync(cache)).Bytes;
        Damage(Assert.Single(_tree.Entries(CacheFolder.Blobs)));

        (byte[] bytes, CacheUse use) = await _tree.StreamAsync(cache);

        Assert.Equal(expected, bytes);
        Assert.Equal((CacheOutcome.Packed, 1), (use.Outcome, use.FailureCount));
        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.StreamAsync(cache)).Use.Outcome);
    }

    [Fact]
    public async Task VerifyAsync_DamageThatNoTimeShows_IsRemoved()
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        int segments = _tree.Entries(CacheFolder.Segments).Length;
        Assert.Equal(new(segments + 1, 0), await cache.VerifyAsync(Cancellation));
        Damage(Assert.Single(_tree.Entries(CacheFolder.Blobs)));
        Damage(_tree.Entries(CacheFolder.Segments)[0]);

        Assert.Equal(new(segments + 1, 2), await cache.VerifyAsync(Cancellation));

        CacheUse use = await _tree.PackRightAsync(cache);
        Assert.Equal((CacheOutcome.Packed, 0), (use.Outcome, use.FailureCount));
    }

    [Theory]
    [InlineData(CacheFolder.Trees)]
    [InlineData(CacheFolder.Archives)]
    public async Task PackToFileAsync_DamagedRecords_AreNotUsed(string kind)
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        string record = Assert.Single(_tree.Entries(kind));
        byte[] whole = await File.ReadAllBytesAsync(record, Cancellation);
        _tree.Write("a/text", Contents.Text(1_400_000));
        await _tree.PackRightAsync(cache);
        byte[] another = await File.ReadAllBytesAsync(_tree.Entries(kind).Single(path => path != record), Cancellation);
        string other = _tree.Entries(kind).Single(path => path != record);

        foreach (byte[] bytes in Enumerable.Range(0, another.Length).Select(at => (byte[])[.. another[..at], (byte)(another[at] ^ 1), .. another[(at + 1)..]]).Append([]).Append(another[..^1]).Append(whole).Append(new byte[5000]).Append([.. another, 0]))
        {
            await File.WriteAllBytesAsync(other, bytes, Cancellation);
            CacheUse use = (await _tree.PackAsync(cache)).Cache!;
            Assert.Equal((CacheOutcome.Packed, 1), (use.Outcome, use.FailureCount));
        }

        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache)).Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_FolderArchivedAndRestored_IsUsed()
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        string blob = Assert.Single(_tree.Entries(CacheFolder.Blobs));

        // What keeps whole seconds, as most archives do.
        DateTime time = DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(File.GetLastWriteTimeUtc(blob)).ToUnixTimeSeconds()).UtcDateTime;
        byte[] bytes = await File.ReadAllBytesAsync(blob, Cancellation);
        File.Delete(blob);
        await File.WriteAllBytesAsync(blob, bytes, Cancellation);
        File.SetLastWriteTimeUtc(blob, time);

        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache)).Outcome);
    }

    public void Dispose() => _tree.Dispose();

    private static void Damage(string path)
    {
        DateTime time = File.GetLastWriteTimeUtc(path);
        File.SetUnixFileMode(path, Writable);
        using (FileStream file = File.OpenWrite(path))
        {
            file.Seek(-30, SeekOrigin.End);
            file.Write("damage"u8);
        }

        File.SetLastWriteTimeUtc(path, time);
    }
}

using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Archives.Tests.Compression.Deflate;

namespace DevOps.Archives.Tests.Caching;

public sealed class PackCacheTests : IDisposable
{
    private readonly CachedTree _tree = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Changes =>
    [
        "content", "content and time", "content, and time set back", "length", "time", "mode", "name", "new file", "new directory", "file gone", "link", "file replaced by its copy", "kind",
    ];

    [Theory]
    [InlineData("gzip")]
    [InlineData("fast")]
    [InlineData("tar")]
    public async Task PackToFileAsync_UnchangedTree_IsFoundByStatus(string compression)
    {
        PackOptions options = new() { Compression = compression switch { "tar" => PackCompression.None, "fast" => PackCompression.Gzip(DeflateLevel.Fast), _ => PackCompression.Gzip() } };
        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(_tree.Open(), options)).Outcome);

        CacheUse again = await _tree.PackRightAsync(_tree.Open(), options);

        Assert.Equal(new CacheUse { Outcome = CacheOutcome.FoundByStatus, ReusedSegments = 0, CompressedSegments = 0, FailureCount = 0 }, again);
        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(_tree.Open(), new() { Compression = PackCompression.Gzip(DeflateLevel.Small) })).Outcome);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task PackToFileAsync_ChangedTree_IsPacked(string change)
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache, directory: new() { Modes = FileModes.Preserve });

        Change(change);

        CacheUse use = await _tree.PackRightAsync(cache, directory: new() { Modes = FileModes.Preserve });
        Assert.Equal((CacheOutcome.Packed, 0), (use.Outcome, use.FailureCount));
        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache, directory: new() { Modes = FileModes.Preserve })).Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_OtherOptions_AreOtherArchives()
    {
        PackCache cache = _tree.Open();
        DirectoryOptions[] options =
        [
            new(), new() { Root = "/app" }, new() { OwnerId = 1 }, new() { GroupId = 1 }, new() { ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(9) }, new DirectoryOptions().WithMode("a/text", 0),
            new() { SymbolicLinks = SymbolicLinks.Follow }, new() { ImplicitParents = ImplicitParents.Omit, Root = "/app" }, new() { ModificationTimes = ModificationTimes.Clamp, ModifiedAt = DateTimeOffset.MaxValue },
        ];
        foreach (DirectoryOptions each in options)
        {
            Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(cache, directory: each)).Outcome);
        }

        foreach (DirectoryOptions each in options)
        {
            Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache, directory: each)).Outcome);
        }
    }

    [Theory]
    [InlineData(CacheLookup.Status)]
    [InlineData(CacheLookup.StatusThenContent)]
    public async Task PackToFileAsync_FileThatWasThereOnlyWhileItPacked_IsNotInTheNextArchive(CacheLookup lookup)
    {
        PackCache cache = _tree.Open(new() { TimeProvider = OffsetClock.Ahead, Lookup = lookup });
        int walks = 0;
        PackResult with = await cache.PackToFileAsync(
            () =>
            {
                if (++walks == 2)
                {
                    _tree.Write("b/passing", [1, 2, 3]);
                }

                return DirectoryReader.Read(_tree.Path).ToAsyncEnumerable();
            },
            _tree.Output,
            null,
            Cancellation);
        File.Delete(Path.Combine(_tree.Path, "b/passing"));

        CacheUse use = await _tree.PackRightAsync(cache);

        Assert.Equal(7, with.MemberCount);
        Assert.Equal(CacheOutcome.Packed, use.Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_MovedTree_IsFound()
    {
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        Directory.Move(_tree.Path, _tree.PathOf("elsewhere"));

        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache, tree: _tree.PathOf("elsewhere"))).Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_FreshCheckout_IsFoundByContentWhereAskedFor()
    {
        PackCache cache = _tree.Open(new() { TimeProvider = OffsetClock.Ahead, Lookup = CacheLookup.StatusThenContent });
        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(cache)).Outcome);
        foreach (string file in Directory.GetFiles(_tree.Path, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null))
        {
            byte[] content = await File.ReadAllBytesAsync(file, Cancellation);
            File.Delete(file);
            await File.WriteAllBytesAsync(file, content, Cancellation);
        }

        Assert.Equal(CacheOutcome.Packed, (await _tree.PackAsync(_tree.Open(new() { TimeProvider = OffsetClock.Behind }))).Cache!.Outcome);
        Assert.Equal(CacheOutcome.FoundByContent, (await _tree.PackRightAsync(cache)).Outcome);
        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache)).Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_FilesWrittenJustNow_AreNotFoundByStatus()
    {
        PackCache cache = _tree.Open(new() { TimeProvider = OffsetClock.Behind });
        await _tree.PackRightAsync(cache);

        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(cache)).Outcome);
        Assert.Equal(CacheOutcome.FoundByContent, (await _tree.PackRightAsync(_tree.Open(new() { TimeProvider = OffsetClock.Behind, Lookup = CacheLookup.StatusThenContent }))).Outcome);
    }

    [Fact]
    public async Task PackToFileAsync_FileWrittenWithoutPause_IsNeverOld()
    {
        PackCache cache = _tree.Open(new());
        DateTime time = DateTime.UtcNow.AddDays(-1);
        for (int i = 0; i < 100; i++)
        {
            string path = _tree.Write("counter", [(byte)i, 1, 2, 3]);
            File.SetLastWriteTimeUtc(path, time);
            await _tree.PackRightAsync(cache);
        }
    }

    [Fact]
    public async Task PackToFileAsync_MembersListedLongAgo_AreLookedAtAgain()
    {
        TarItem[] listed = [.. DirectoryReader.Read(_tree.Path)];
        PackCache cache = _tree.Open();
        await cache.PackToFileAsync(listed.ToAsyncEnumerable, _tree.Output, null, Cancellation);
        Assert.Equal(CacheOutcome.FoundByStatus, (await cache.PackToFileAsync(listed.ToAsyncEnumerable, _tree.Output, null, Cancellation)).Cache!.Outcome);
        Change("content");

        PackResult packed = await cache.PackToFileAsync(listed.ToAsyncEnumerable, _tree.Output, null, Cancellation);

        Assert.Equal(CacheOutcome.Packed, packed.Cache!.Outcome);
        Assert.Equal((await TarPacker.PackAsync(listed.ToAsyncEnumerable(), Stream.Null, cancellationToken: Cancellation)).Digest, packed.Digest);
    }

    [Fact]
    public async Task PackToFileAsync_Folder_IsForItsOwnerAlone()
    {
        await _tree.PackRightAsync(_tree.Open());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_tree.CachePath));
    }

    [Fact]
    public async Task PackToFileAsync_FolderForReadingOnly_FindsAndStoresNothing()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "This account may write everywhere.");
        PackCache cache = _tree.Open();
        await _tree.PackRightAsync(cache);
        string[] directories = [_tree.CachePath, .. Directory.GetDirectories(_tree.CachePath, "*", SearchOption.AllDirectories)];
        Array.ForEach(directories, directory => File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute));

        CacheUse found = await _tree.PackRightAsync(cache);
        _tree.Write("a/new", Contents.Text(1000));
        CacheUse packed = await _tree.PackRightAsync(cache);

        Array.ForEach(directories, directory => File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.Equal((CacheOutcome.FoundByStatus, null), (found.Outcome, found.Warning));
        Assert.Equal(CacheOutcome.Packed, packed.Outcome);
        Assert.NotEqual(0, packed.ReusedSegments);
        Assert.Contains("cannot be written", packed.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackAsync_ToAStream_IsTheSame()
    {
        PackCache cache = _tree.Open();
        (byte[] first, CacheUse packed) = await _tree.StreamAsync(cache);

        (byte[] second, CacheUse found) = await _tree.StreamAsync(cache);

        Assert.Equal(first, second);
        Assert.Equal((CacheOutcome.Packed, CacheOutcome.FoundByStatus), (packed.Outcome, found.Outcome));
        Assert.Equal(CacheOutcome.FoundByStatus, (await _tree.PackRightAsync(cache)).Outcome);
        Assert.Empty(Directory.GetFiles(cache.Folder.PartialDirectory));
    }

    [Fact]
    public async Task PackAsync_MoreThanTheBound_IsNotKept()
    {
        PackCache cache = _tree.Open(new() { TimeProvider = OffsetClock.Ahead, MaxBytes = 100_000 });

        (byte[] first, CacheUse use) = await _tree.StreamAsync(cache);

        Assert.Null(use.Warning);
        Assert.Equal(first, (await _tree.StreamAsync(cache)).Bytes);
        Assert.Empty(Directory.GetFiles(cache.Folder.PartialDirectory));
        Assert.Empty(cache.Folder.Entries(CacheFolder.Blobs));
    }

    [Fact]
    public async Task PackAsync_OutputThatFails_LeavesNothingInTheCache()
    {
        PackCache cache = _tree.Open();
        using MemoryStream full = new(new byte[1000]);

        await Assert.ThrowsAsync<NotSupportedException>(() => cache.PackAsync(() => DirectoryReader.Read(_tree.Path).ToAsyncEnumerable(), full, null, Cancellation));

        Assert.Empty(Directory.GetFiles(cache.Folder.PartialDirectory));
        Assert.False(Directory.Exists(cache.Folder.DirectoryOf(CacheFolder.Blobs)));
        Assert.Equal(CacheOutcome.Packed, (await _tree.PackRightAsync(cache)).Outcome);
    }

    [Fact]
    public async Task PackAsync_ContentInMemory_IsFoundAndFromAStreamIsNot()
    {
        byte[] text = Contents.Text(100_000);
        PackCache cache = _tree.Open();
        async Task<CacheOutcome> OutcomeAsync(TarContent content) =>
            (await cache.PackAsync(() => new[] { new TarItem(new("file", TarMemberKind.File) { LengthBytes = text.Length }, content) }.ToAsyncEnumerable(), Stream.Null, null, Cancellation)).Cache!.Outcome;

        Assert.Equal(CacheOutcome.Packed, await OutcomeAsync(TarContent.FromBytes(text)));
        Assert.Equal(CacheOutcome.FoundByStatus, await OutcomeAsync(TarContent.FromBytes((byte[])[.. text])));
        Assert.Equal(CacheOutcome.Packed, await OutcomeAsync(TarContent.FromBytes((byte[])[.. text[..^1], 1])));
        Assert.Equal(CacheOutcome.Packed, await OutcomeAsync(TarContent.FromStream(_ => new(new MemoryStream(text)))));
        Assert.Equal(CacheOutcome.Packed, await OutcomeAsync(TarContent.FromStream(_ => new(new MemoryStream(text)))));
    }

    [Fact]
    public async Task PackToFileAsync_ManyAtOnce_AllGiveTheSameBytes()
    {
        string expected = (await _tree.PackAsync(PackCache.Open(_tree.PathOf("another")))).Digest.ToString();

        PackResult[] results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => _tree.PackAsync(_tree.Open(), output: _tree.PathOf($"out-{i % 4}"))));

        Assert.All(results, result => Assert.Equal((expected, null), (result.Digest.ToString(), result.Cache!.Warning)));
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(expected, Oci.Digest.Compute(File.ReadAllBytes(_tree.PathOf($"out-{i}"))).ToString()));
        Assert.DoesNotContain(Directory.GetFiles(_tree.PathOf("."), "*", new EnumerationOptions { AttributesToSkip = 0 }), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PackToFileAsync_FolderThatCannotBe_PacksWithAWarning()
    {
        await File.WriteAllTextAsync(_tree.PathOf("file"), "", Cancellation);
        PackCache cache = PackCache.Open(_tree.PathOf("file/cache"));

        CacheUse use = await _tree.PackRightAsync(cache);

        Assert.Equal(CacheOutcome.Packed, use.Outcome);
        Assert.Contains("cannot be written", use.Warning, StringComparison.Ordinal);
        using MemoryStream output = new();
        PackResult streamed = await cache.PackAsync(() => DirectoryReader.Read(_tree.Path).ToAsyncEnumerable(), output, null, Cancellation);
        Assert.Equal(await File.ReadAllBytesAsync(_tree.Output, Cancellation), output.ToArray());
        Assert.NotNull(streamed.Cache!.Warning);
    }

    [Fact]
    public async Task PackToFileAsync_SmallBound_HoldsIt()
    {
        PackCache cache = _tree.Open(new() { MaxBytes = 700_000, TimeProvider = OffsetClock.Ahead });
        for (int i = 0; i < 4; i++)
        {
            _tree.Write("a/text", Contents.Text(1_500_000 + i));
            Assert.Null((await _tree.PackRightAsync(cache)).Warning);
        }

        CacheTrim.Trim(cache);
        Assert.InRange(CacheFolder.Kinds.SelectMany(cache.Folder.Entries).Sum(file => file.Length), 0, 700_000);
    }

    public void Dispose() => _tree.Dispose();

    private void Change(string change)
    {
        string text = Path.Combine(_tree.Path, "a", "text");
        DateTime time = File.GetLastWriteTimeUtc(text);
        byte[] content = File.ReadAllBytes(text);
        byte[] other = [.. content[..^1], (byte)'!'];
        switch (change)
        {
            case "content":
                using (FileStream file = File.OpenWrite(text))
                {
                    file.WriteByte((byte)'!');
                }

                break;
            case "content and time":
                File.WriteAllBytes(text, other);
                File.SetLastWriteTimeUtc(text, time.AddSeconds(-5));
                break;
            case "content, and time set back":
                File.WriteAllBytes(text, other);
                File.SetLastWriteTimeUtc(text, time);
                break;
            case "length":
                File.AppendAllText(text, "!");
                break;
            case "time":
                File.SetLastWriteTimeUtc(text, time.AddSeconds(1));
                break;
            case "mode":
                File.SetUnixFileMode(Path.Combine(_tree.Path, "a"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                break;
            case "name":
                File.Move(text, text + "2");
                break;
            case "new file":
                _tree.Write("a/new", []);
                break;
            case "new directory":
                Directory.CreateDirectory(Path.Combine(_tree.Path, "new"));
                break;
            case "file gone":
                File.Delete(Path.Combine(_tree.Path, "a", "empty"));
                break;
            case "link":
                File.Delete(Path.Combine(_tree.Path, "link"));
                File.CreateSymbolicLink(Path.Combine(_tree.Path, "link"), "a/empty");
                break;
            case "file replaced by its copy":
                File.Copy(text, text + "2");
                File.SetLastWriteTimeUtc(text + "2", time);
                File.Move(text + "2", text, overwrite: true);
                break;
            case "kind":
                File.Delete(Path.Combine(_tree.Path, "a", "empty"));
                Directory.CreateDirectory(Path.Combine(_tree.Path, "a", "empty"));
                break;
            default:
                throw new ArgumentException(change, nameof(change));
        }
    }
}

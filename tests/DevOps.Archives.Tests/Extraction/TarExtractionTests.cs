using DevOps.Archives.Tar.Tests;
using DevOps.Testing;

namespace DevOps.Archives.Extraction.Tests;

/// <remarks>The cases are those by which extractors were left: GHSA-g5v4-5x39-vwhx, CVE-2026-50163 and their like.</remarks>
public sealed class TarExtractionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/../evil")]
    [InlineData("a/..")]
    [InlineData("..")]
    public async Task ExtractAsync_NameWithDotDot_IsRefused(string name)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        await Assert.ThrowsAsync<UnsafeEntryException>(() => ExtractAsync(temporary, RawTar.Header(name, '0', 4), RawTar.Padded("evil")));

        AssertNothingOutside(temporary);
    }

    [Fact]
    public async Task ExtractAsync_AbsoluteName_MeansTheDirectory()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        await ExtractAsync(temporary, RawTar.Header("//etc//./x", '0', 4), RawTar.Padded("good"));

        Assert.Equal("good", await File.ReadAllTextAsync(temporary.PathOf("root/etc/x"), Cancellation));
        AssertNothingOutside(temporary);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("/")]
    [InlineData(".")]
    public async Task ExtractAsync_WriteThroughALink_IsRefused(string target)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        await Assert.ThrowsAsync<UnsafeEntryException>(() => ExtractAsync(
            temporary, RawTar.Header("link", '2', 0, target), RawTar.Header("link/evil", '0', 4), RawTar.Padded("evil")));

        AssertNothingOutside(temporary);
    }

    [Fact]
    public async Task ExtractAsync_FileOverALink_ReplacesTheLink()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string outside = temporary.Write("outside", "untouched");

        await ExtractAsync(temporary, RawTar.Header("x", '2', 0, "../outside"), RawTar.Header("x", '0', 4), RawTar.Padded("good"));

        Assert.Equal("untouched", await File.ReadAllTextAsync(outside, Cancellation));
        Assert.Null(new FileInfo(temporary.PathOf("root/x")).LinkTarget);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/outside")]
    [InlineData("link")]
    [InlineData("through/outside")]
    [InlineData("nothing")]
    [InlineData(".")]
    public async Task ExtractAsync_HardLinkToWhatWasNotExtracted_IsRefused(string target)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        temporary.Write("outside", "secret");

        await Assert.ThrowsAsync<UnsafeEntryException>(() => ExtractAsync(
            temporary, RawTar.Header("link", '2', 0, "../outside"), RawTar.Header("through", '2', 0, ".."), RawTar.Header("hard", '1', 0, target)));

        Assert.False(File.Exists(temporary.PathOf("root/hard")));
    }

    [Fact]
    public async Task ExtractAsync_HardLink_SharesTheFile()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        await ExtractAsync(temporary, RawTar.Header("a/file", '0', 4), RawTar.Padded("good"), RawTar.Header("hard", '1', 0, "./a/file"));
        await File.WriteAllTextAsync(temporary.PathOf("root/a/file"), "changed", Cancellation);

        Assert.Equal("changed", await File.ReadAllTextAsync(temporary.PathOf("root/hard"), Cancellation));
    }

    [Theory]
    [InlineData('1', "file", true)]
    [InlineData('1', "nothing", false)]
    [InlineData('2', "", false)]
    public async Task ExtractAsync_LinkOverAFileThatIsNotMade_KeepsTheFile(char type, string target, bool isTaken)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        Task<TarExtractResult> extraction = ExtractAsync(temporary, RawTar.Header("file", '0', 4), RawTar.Padded("good"), RawTar.Header("file", type, 0, target));

        if (isTaken)
        {
            await extraction;
        }
        else
        {
            await Assert.ThrowsAsync<UnsafeEntryException>(() => extraction);
        }

        Assert.Equal("good", await File.ReadAllTextAsync(temporary.PathOf("root/file"), Cancellation));
    }

    [Fact]
    public async Task ExtractAsync_DevicesAndPipes_AreToldAndNotMade()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        TarExtractResult result = await ExtractAsync(temporary, RawTar.Header("c", '3', 0), RawTar.Header("b", '4', 0), RawTar.Header("p", '6', 0), RawTar.Header("f", '0', 0));

        Assert.Equal(["c", "b", "p"], result.Skipped);
        Assert.Equal(1, result.EntryCount);
    }

    [Fact]
    public async Task ExtractAsync_ModesAndTimes_AreKeptWithoutSetUserId()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        await ExtractAsync(temporary, RawTar.Header("dir", '5', 0, mode: 0x140), RawTar.Header("dir/tool", '0', 0, mode: 0x9ED));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(temporary.PathOf("root/dir")));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(temporary.PathOf("root/dir/tool")));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(temporary.PathOf("root/dir/tool")));
        Assert.Equal(DateTime.UnixEpoch, Directory.GetLastWriteTimeUtc(temporary.PathOf("root/dir")));
    }

    [Fact]
    public async Task ExtractAsync_MoreThanAllowed_StopsBeforeItIsWritten()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] archive = RawTar.Archive(RawTar.Header("one", '0', 4), RawTar.Padded("good"), RawTar.Header("bomb", '0', 1L << 32));

        await Assert.ThrowsAsync<InvalidContentException>(() => TarExtraction.ExtractAsync(
            new MemoryStream(archive), temporary.PathOf("root"), new() { MaxBytes = 1 << 20 }, Cancellation));

        Assert.False(File.Exists(temporary.PathOf("root/bomb")));
    }

    [Fact]
    public async Task ExtractAsync_MoreEntriesThanAllowed_StopsBeforeItIsWritten()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        byte[] archive = RawTar.Archive(RawTar.Header("one", '0', 0), RawTar.Header("two", '5', 0), RawTar.Header("three", '0', 0));

        await Assert.ThrowsAsync<InvalidContentException>(() => TarExtraction.ExtractAsync(
            new MemoryStream(archive), temporary.PathOf("root"), new() { MaxEntries = 2 }, Cancellation));

        Assert.False(File.Exists(temporary.PathOf("root/three")));
        Assert.Equal(3, (await TarExtraction.ExtractAsync(new MemoryStream(archive), temporary.PathOf("other"), new() { MaxEntries = 3 }, Cancellation)).EntryCount);
    }

    [Fact]
    public async Task ExtractAsync_GnuTarsArchive_GivesTheSameTree()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        temporary.Write("tree/a/file", "text");
        temporary.Link("tree/a/link", "file");
        temporary.MakeDirectory("tree/empty");
        byte[] archive = await GnuTar.CreateAsync(temporary.PathOf("tree"), "--format=gnu");

        await TarExtraction.ExtractAsync(new MemoryStream(archive), temporary.PathOf("root"), cancellationToken: Cancellation);

        byte[] again = await GnuTar.CreateAsync(temporary.PathOf("root"), "--format=gnu");
        Assert.Equal(archive, again);
    }

    private static Task<TarExtractResult> ExtractAsync(TemporaryDirectory temporary, params byte[][] parts) =>
        TarExtraction.ExtractAsync(new MemoryStream(RawTar.Archive(parts)), temporary.PathOf("root"), cancellationToken: Cancellation);

    private static void AssertNothingOutside(TemporaryDirectory temporary) =>
        Assert.Equal([temporary.PathOf("root")], Directory.EnumerateFileSystemEntries(temporary.Path));
}

using System.IO.Compression;
using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Archives.Tests.Compression.Deflate;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Archives.Tests.Packing;

public sealed class TarPackerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public static TheoryData<DeflateLevel> Levels => [.. Enum.GetValues<DeflateLevel>()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task PackAsync_AnyNumberOfWorkers_GivesTheSameBytes(DeflateLevel level)
    {
        TarItem[] items = [.. Items()];
        using MemoryStream plain = new();
        TarArchiveWriter writer = new(plain);
        foreach (TarItem item in items)
        {
            await writer.WriteAsync(item, Cancellation);
        }

        await writer.CompleteAsync(Cancellation);
        byte[]? first = null;
        foreach (int workers in new[] { 1, 2, 3, 8 })
        {
            using MemoryStream output = new();
            PackResult result = await TarPacker.PackAsync(items.ToAsyncEnumerable(), output, Gzip(level, new(workers)), Cancellation);

            first ??= output.ToArray();
            Assert.Equal(first, output.ToArray());
            Assert.Equal(Digest.Compute(first), result.Digest);
            Assert.Equal(first.Length, result.SizeBytes);
            Assert.Equal(Digest.Compute(plain.ToArray()), result.TarDigest);
            Assert.Equal(plain.Length, result.TarSizeBytes);
            Assert.Equal(items.Length, result.MemberCount);
        }

        using GZipStream inflate = new(new MemoryStream(first!), CompressionMode.Decompress);
        using MemoryStream inflated = new();
        await inflate.CopyToAsync(inflated, Cancellation);
        Assert.Equal(plain.ToArray(), inflated.ToArray());
    }

    [Fact]
    public async Task PackAsync_ManyAtOnce_AllEndWithTheSameBytes()
    {
        TarItem[] items = [.. Items()];
        CompressionPool pool = new(2);
        Digest alone = (await TarPacker.PackAsync(items.ToAsyncEnumerable(), Stream.Null, Gzip(DeflateLevel.Fast, pool), Cancellation)).Digest;

        PackResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => TarPacker.PackAsync(items.ToAsyncEnumerable(), Stream.Null, Gzip(DeflateLevel.Fast, pool), Cancellation)));

        Assert.All(results, result => Assert.Equal(alone, result.Digest));
    }

    [Fact]
    public async Task PackAsync_NotCompressed_IsTheArchive()
    {
        using MemoryStream output = new();
        PackResult result = await TarPacker.PackAsync(Items().ToAsyncEnumerable(), output, new() { Compression = PackCompression.None }, Cancellation);

        Assert.Equal(result.TarDigest, result.Digest);
        Assert.Equal(output.Length, result.TarSizeBytes);
        Assert.Equal(Digest.Compute(output.ToArray()), result.Digest);
    }

    [Fact]
    public async Task PackAsync_CompressorOfTheHost_GetsTheArchive()
    {
        using MemoryStream output = new();
        PackCompression brotli = PackCompression.By(new Brotli());
        PackResult result = await TarPacker.PackAsync(Items().ToAsyncEnumerable(), output, new() { Compression = brotli }, Cancellation);

        Assert.Equal("host:brotli-1/bcl", brotli.Recipe);
        Assert.Equal(Digest.Compute(output.ToArray()), result.Digest);
        using BrotliStream inflate = new(new MemoryStream(output.ToArray()), CompressionMode.Decompress);
        using MemoryStream inflated = new();
        await inflate.CopyToAsync(inflated, Cancellation);
        Assert.Equal(Digest.Compute(inflated.ToArray()), result.TarDigest);
    }

    [Fact]
    public async Task PackAsync_NoMembers_IsAnEmptyArchive()
    {
        using MemoryStream output = new();
        PackResult result = await TarPacker.PackAsync(AsyncEnumerable.Empty<TarItem>(), output, cancellationToken: Cancellation);

        Assert.Equal(1024, result.TarSizeBytes);
        Assert.Equal(0, result.MemberCount);
    }

    [Theory]
    [InlineData(0, "'file' ended early while it was read: it had 3000000 bytes at first.")]
    [InlineData(2_999_999, "'file' ended early while it was read: it had 3000000 bytes at first.")]
    [InlineData(3_000_001, "'file' went on while it was read: it had 3000000 bytes at first.")]
    public async Task PackAsync_FileOfAnotherLength_SaysSo(int length, string expected)
    {
        string path = _directory.PathOf("file");
        await File.WriteAllBytesAsync(path, new byte[length], Cancellation);
        TarItem item = new(new("file", TarMemberKind.File) { LengthBytes = 3_000_000 }, TarContent.FromFile(path));

        IOException error = await FailsAsync<IOException>([.. Items(), item]);

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackAsync_FileThatVanished_NamesIt()
    {
        TarItem item = new(new("file", TarMemberKind.File) { LengthBytes = 3 }, TarContent.FromFile(_directory.PathOf("gone")));

        FileNotFoundException error = await FailsAsync<FileNotFoundException>([item, .. Items()]);

        Assert.Contains("gone", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(900_000)]
    public async Task PackAsync_OutputThatFails_ReportsItAndFreesThePool(int at)
    {
        CompressionPool pool = new(2);
        for (int i = 0; i < 10; i++)
        {
            using FullStream full = new(at);
            IOException error = await Assert.ThrowsAsync<IOException>(() => TarPacker.PackAsync(Items().ToAsyncEnumerable(), full, Gzip(DeflateLevel.Store, pool), Cancellation));
            Assert.Equal("The disk is full.", error.Message);
        }

        await TarPacker.PackAsync(Items().ToAsyncEnumerable(), Stream.Null, Gzip(DeflateLevel.Store, pool), Cancellation);
    }

    [Fact]
    public async Task PackAsync_StuckOutput_ReadsNoFurtherThanItsBuffers()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource stuck = new();
        long read = 0;
        PackOptions options = Gzip(DeflateLevel.Store, new(2)) with { Progress = new PackProgressWatch(progress => Interlocked.Exchange(ref read, progress.TarBytes)) };
        await using StuckStream output = new(stuck, after: 100);
        Task<PackResult> packing = TarPacker.PackAsync(Endless(), output, options, stop.Token);
        await stuck.Task;

        // It reads on as far as its memory goes, and no further: what was read stands still.
        for (long before = -1; before != Interlocked.Read(ref read);)
        {
            before = Interlocked.Read(ref read);
            await Task.Delay(200, Cancellation);
        }

        Assert.InRange(Interlocked.Read(ref read), 4 << 20, 20 << 20);
        Assert.False(packing.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => packing);
        await TarPacker.PackAsync(Items().ToAsyncEnumerable(), Stream.Null, options with { Progress = null }, Cancellation);
    }

    [Fact]
    public async Task PackAsync_Cancelled_FreesThePool()
    {
        CompressionPool pool = new(2);
        for (int i = 0; i < 30; i++)
        {
            using CancellationTokenSource stop = new();
            int left = i;
            PackOptions options = Gzip(DeflateLevel.Fast, pool) with { Progress = new PackProgressWatch(_ => { if (left-- == 0) { stop.Cancel(); } }) };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TarPacker.PackAsync(Endless(), Stream.Null, options, stop.Token));
        }

        await TarPacker.PackAsync(Items().ToAsyncEnumerable(), Stream.Null, Gzip(DeflateLevel.Fast, pool), Cancellation);
    }

    [Fact]
    public async Task PackAsync_EntriesThatFail_ReportIt()
    {
        static async IAsyncEnumerable<TarItem> Broken()
        {
            yield return Items().First();
            await Task.Yield();
            throw new InvalidDataException("broken");
        }

        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(() => TarPacker.PackAsync(Broken(), Stream.Null, cancellationToken: Cancellation))).Message);
    }

    [Fact]
    public async Task PackAsync_Progress_EndsWithEverything()
    {
        List<PackProgress> told = [];
        PackResult result = await TarPacker.PackAsync(Items().ToAsyncEnumerable(), Stream.Null, PackOptions.Default with { Progress = new PackProgressWatch(told.Add) }, Cancellation);

        Assert.Equal(new PackProgress(result.TarSizeBytes, result.TarSizeBytes, result.SizeBytes), told[^1]);
        Assert.Equal(told.Select(progress => progress.WrittenBytes).Order(), told.Select(progress => progress.WrittenBytes));
    }

    public void Dispose() => _directory.Dispose();

    private static PackOptions Gzip(DeflateLevel level, CompressionPool pool) => new() { Compression = PackCompression.Gzip(level), Pool = pool };

    private static IEnumerable<TarItem> Items()
    {
        yield return new(new("directory", TarMemberKind.Directory), null);
        foreach ((string name, byte[] content) in Contents.All().Where(pair => pair.Content.Length is 0 or 1 or 300 or 4097 or 65536 or 700_001))
        {
            yield return new(new($"directory/{name}", TarMemberKind.File), TarContent.FromBytes(content));
            yield return new(new($"directory/{name} as a stream", TarMemberKind.File) { LengthBytes = content.Length }, TarContent.FromStream(_ => new(new MemoryStream(content))));
        }

        yield return new(new("link", TarMemberKind.SymbolicLink) { LinkTarget = "directory" }, null);
    }

    private static async IAsyncEnumerable<TarItem> Endless()
    {
        byte[] content = Contents.Random(1_000_003);
        for (int i = 0; ; i++)
        {
            await Task.Yield();
            yield return new(new($"{i:D9}", TarMemberKind.File), TarContent.FromBytes(content));
        }
    }

    /// <summary>Packs in one pool until something would be used up if it were not given back.</summary>
    private static async Task<TException> FailsAsync<TException>(TarItem[] items)
        where TException : Exception
    {
        CompressionPool pool = new(2);
        TException? error = null;
        for (int i = 0; i < 10; i++)
        {
            error = await Assert.ThrowsAsync<TException>(() => TarPacker.PackAsync(items.ToAsyncEnumerable(), Stream.Null, Gzip(DeflateLevel.Fast, pool), Cancellation));
        }

        await TarPacker.PackAsync(Items().ToAsyncEnumerable(), Stream.Null, Gzip(DeflateLevel.Fast, pool), Cancellation);
        return error!;
    }

    private sealed class Brotli : ICompressor
    {
        public string Recipe => "brotli-1/bcl";

        public CompressionFormat Format => CompressionFormat.None;

        public Stream Compress(Stream output) => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true);
    }

    private sealed class FullStream(int room) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length > room ? throw new IOException("The disk is full.") : base.WriteAsync(buffer, cancellationToken);
    }
}

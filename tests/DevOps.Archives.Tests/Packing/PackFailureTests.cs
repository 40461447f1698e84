using System.Diagnostics;
using System.IO.Compression;
using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Archives.Tests.Compression.Deflate;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tests.Packing;

/// <summary>What users bring fails, waits or packs itself; the pool stays whole.</summary>
public sealed class PackFailureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly CompressionPool _pool = new(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PackAsync_ProgressThatThrows_Fails(bool whenRead)
    {
        PackProgressWatch progress = new(done =>
        {
            if (whenRead ? done.TarBytes > 0 : done.WrittenBytes > 0)
            {
                throw new InvalidOperationException("no");
            }
        });
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => PackAsync([Random(3_000_000)], Stream.Null, PackCompression.Gzip(DeflateLevel.Fast), progress));
            await Assert.ThrowsAsync<InvalidOperationException>(() => PackAsync([Random(3_000_000)], Stream.Null, PackCompression.None, progress));
        }

        await PackAsync([Random(10)], Stream.Null);
    }

    [Fact]
    public async Task PackAsync_OutputThatIsStuck_LetsOtherPacksGoOn()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource stuck = new();
        await using StuckStream output = new(stuck, after: 100);
        Task<PackResult> first = TarPacker.PackAsync(Items([.. Enumerable.Repeat(Random(1_000_000), 40)]), output, Options(PackCompression.Gzip(DeflateLevel.Fast), null), stop.Token);
        await stuck.Task;

        await PackAsync([.. Enumerable.Repeat(Random(1_000_000), 20)], Stream.Null);
        Assert.False(first.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task PackAsync_ContentThatPacksInTheSamePool_DoesNotWaitForItself()
    {
        async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
        {
            MemoryStream inner = new();
            await GzipEncoder.CompressAsync(new PatternStream(2_000_000, 1), inner, DeflateLevel.Store, _pool, cancellation);
            inner.SetLength(2_000_000);
            inner.Position = 0;
            return inner;
        }

        TarItem item = new(new("inner", TarMemberKind.File) { LengthBytes = 2_000_000 }, TarContent.FromStream(OpenAsync));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TarPacker.PackAsync(new[] { item }.ToAsyncEnumerable(), Stream.Null, Options(PackCompression.None, null), Cancellation)));
    }

    [Fact]
    public async Task PackAsync_TokensCallbackThatThrows_StillTellsTheFailure()
    {
        TarItem registers = new(new("a", TarMemberKind.File) { LengthBytes = 1 }, TarContent.FromStream(cancellation =>
        {
            cancellation.Register(() => throw new InvalidOperationException("callback"));
            return new(new MemoryStream([1]));
        }));
        TarItem gone = new(new("b", TarMemberKind.File) { LengthBytes = 1 }, TarContent.FromFile(_directory.PathOf("gone")));
        await Assert.ThrowsAsync<FileNotFoundException>(() => TarPacker.PackAsync(new[] { registers, gone }.ToAsyncEnumerable(), Stream.Null, Options(PackCompression.None, null), Cancellation));
    }

    [Fact]
    public async Task PackAsync_CancelledInsideAFile_LeavesNoHandleOpen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files are listed in /proc.");
        string path = _directory.PathOf("large");
        await using (FileStream file = File.Create(path))
        {
            file.SetLength(200 << 20);
        }

        TarItem item = new(new("large", TarMemberKind.File) { LengthBytes = 200 << 20 }, TarContent.FromFile(path));
        for (int i = 0; i < 5; i++)
        {
            using CancellationTokenSource stop = new();
            TaskCompletionSource stuck = new();
            await using StuckStream output = new(stuck, after: 0);
            Task<PackResult> packing = TarPacker.PackAsync(new[] { item }.ToAsyncEnumerable(), output, Options(PackCompression.None, null), stop.Token);
            await stuck.Task;
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => packing);
        }

        Assert.DoesNotContain(path, Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task PackAsync_PipeForAFile_IsAnErrorAtOnce(int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no mkfifo.");
        string pipe = _directory.PathOf("pipe");
        using (Process made = Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync(Cancellation);
        }

        TarItem item = new(new("pipe", TarMemberKind.File) { LengthBytes = length }, TarContent.FromFile(pipe));
        IOException error = await Assert.ThrowsAsync<IOException>(() => TarPacker.PackAsync(new[] { item }.ToAsyncEnumerable(), Stream.Null, Options(PackCompression.None, null), Cancellation));
        Assert.Contains("is a pipe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackAsync_FileThatWasListedEmptyAndGrew_IsAnError()
    {
        string path = _directory.Write("tree/empty");

        async IAsyncEnumerable<TarItem> ListedThenWritten()
        {
            foreach (TarItem item in DirectoryReader.Read(_directory.PathOf("tree")))
            {
                await File.WriteAllTextAsync(path, "more", Cancellation);
                yield return item;
            }
        }

        IOException error = await Assert.ThrowsAsync<IOException>(() => TarPacker.PackAsync(ListedThenWritten(), Stream.Null, Options(PackCompression.None, null), Cancellation));
        Assert.StartsWith("'empty' went on while it was read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFile_PathWithNul_IsRefused() => Assert.Throws<ArgumentException>(() => TarContent.FromFile("a\0b"));

    [Fact]
    public async Task PackAsync_CompressorOfTheHostAfterAFailure_WritesNoEnd()
    {
        static async IAsyncEnumerable<TarItem> Broken()
        {
            foreach (byte[] content in Enumerable.Repeat(Contents.Random(1_000_000), 8))
            {
                await Task.Yield();
                yield return new(new(Guid.NewGuid().ToString("N"), TarMemberKind.File), TarContent.FromBytes(content));
            }

            throw new InvalidDataException("broken");
        }

        using MemoryStream output = new();
        await Assert.ThrowsAsync<InvalidDataException>(() => TarPacker.PackAsync(Broken(), output, Options(PackCompression.By(new SynchronousGzip()), null), Cancellation));

        using GZipStream inflate = new(new MemoryStream(output.ToArray()), CompressionMode.Decompress);
        byte[] trailer = output.ToArray()[^Math.Min(8, (int)output.Length)..];
        long inflated = 0;
        byte[] buffer = new byte[65_536];
        try
        {
            for (int read; (read = inflate.Read(buffer)) > 0; inflated += read)
            {
            }
        }
        catch (InvalidDataException)
        {
            return;
        }

        Assert.True(output.Length < 8 || BitConverter.ToUInt32(trailer, 4) != inflated, "What is there looks whole.");
    }

    [Fact]
    public async Task PackAsync_CompressorOfTheHostOverAStuckOutput_IsCancelledAtOnce()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource stuck = new();
        await using StuckStream output = new(stuck, after: 0);
        Task<PackResult> packing = TarPacker.PackAsync(Items([.. Enumerable.Repeat(Random(1_000_000), 8)]), output, Options(PackCompression.By(new SynchronousGzip()), null), stop.Token);
        await stuck.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => packing);
    }

    [Fact]
    public async Task PackAsync_CompressorOfTheHost_WritesNothingSynchronouslyAndReportsItsBytes()
    {
        List<PackProgress> told = [];
        await using AsynchronousStream output = new();
        PackResult result = await TarPacker.PackAsync(Items([Random(5_000_000)]), output, Options(PackCompression.By(new SynchronousGzip()), new PackProgressWatch(told.Add)), Cancellation);

        Assert.Equal(new PackProgress(result.TarSizeBytes, result.TarSizeBytes, result.SizeBytes), told[^1]);
        Assert.Equal(output.Length, result.SizeBytes);
    }

    [Fact]
    public void By_RecipeOfThisLibrary_StaysTheHosts()
    {
        Assert.Equal("host:gzip-default/1", PackCompression.By(new SynchronousGzip()).Recipe);
        Assert.Equal(PackCompression.By(new SynchronousGzip()), PackCompression.By(new SynchronousGzip()));
        Assert.NotEqual(PackCompression.Gzip(), PackCompression.By(new SynchronousGzip()));
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Random(int length) => Contents.Random(length);

    private static IAsyncEnumerable<TarItem> Items(byte[][] contents) =>
        contents.Select((content, i) => new TarItem(new($"{i:D4}", TarMemberKind.File), TarContent.FromBytes(content))).ToAsyncEnumerable();

    private Task<PackResult> PackAsync(byte[][] contents, Stream output, PackCompression? compression = null, IProgress<PackProgress>? progress = null) =>
        TarPacker.PackAsync(Items(contents), output, Options(compression ?? PackCompression.Gzip(DeflateLevel.Fast), progress), Cancellation);

    private PackOptions Options(PackCompression compression, IProgress<PackProgress>? progress) => new() { Compression = compression, Pool = _pool, Progress = progress };

    /// <summary>Writes its output synchronously, as compressors over native libraries do.</summary>
    private sealed class SynchronousGzip : ICompressor
    {
        public string Recipe => "gzip-default/1";

        public CompressionFormat Format => CompressionFormat.Gzip;

        public Stream Compress(Stream output) => new Writer(new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true));

        private sealed class Writer(GZipStream inner) : MemoryStream
        {
            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                inner.Write(buffer.Span);
                return ValueTask.CompletedTask;
            }

            public override async ValueTask DisposeAsync()
            {
                await base.DisposeAsync();
                inner.Dispose();
            }
        }
    }

    private sealed class AsynchronousStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("Synchronous operations are not allowed.");

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous operations are not allowed.");

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            base.Write(buffer.ToArray(), 0, buffer.Length);
        }
    }
}

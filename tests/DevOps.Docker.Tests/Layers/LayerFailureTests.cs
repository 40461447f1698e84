using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Docker.Tests;

/// <summary>What goes wrong while a layer is packed: files that change under the reader, names that cannot be stored, content that is not what was said.</summary>
public sealed class LayerFailureTests : IDisposable
{
    // More than any packer may read ahead of what it writes.
    private const int Large = 64 << 20;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(CompressionFormat.None, 1)]
    [InlineData(CompressionFormat.None, 1 << 20)]
    [InlineData(CompressionFormat.None, -1)]
    [InlineData(CompressionFormat.None, -Large)]
    public async Task BuildAsync_FileThatChangesItsLengthWhileItIsRead_IsAnErrorThatNamesIt(CompressionFormat format, int change)
    {
        string path = WriteSparse("tree/large", Large);
        using TriggerStream output = new(() => SetLength(path, Large + change));
        IOException error = await Assert.ThrowsAsync<IOException>(() => Layer.FromDirectory(_directory.PathOf("tree")).BuildAsync(output, As(format), cancellationToken: Cancellation));
        Assert.Contains("'large'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100_000)]
    public async Task BuildAsync_FileThatChangedItsLengthSinceItWasListed_IsAnErrorThatNamesIt(int length)
    {
        string path = _directory.Write("tree/f", new byte[1000]);
        Layer layer = Listed();
        await File.WriteAllBytesAsync(path, new byte[length], Cancellation);
        IOException error = await Assert.ThrowsAsync<IOException>(() => PackedAsync(layer));
        Assert.Contains("'f'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionFormat.None)]
    [InlineData(CompressionFormat.Gzip)]
    public async Task BuildAsync_FileThatIsGone_IsAnErrorThatNamesIt(CompressionFormat format)
    {
        string path = _directory.Write("tree/f", "x");
        Layer layer = Listed();
        File.Delete(path);
        FileNotFoundException error = await Assert.ThrowsAsync<FileNotFoundException>(() => layer.BuildAsync(Stream.Null, As(format), cancellationToken: Cancellation));
        Assert.Equal(path, error.FileName);
    }

    [Fact]
    public async Task BuildAsync_DirectoryThatIsGone_IsAnErrorThatNamesIt()
    {
        string path = _directory.Write("tree/d/f", "x");
        Layer layer = Listed();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        DirectoryNotFoundException error = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => layer.BuildAsync(Stream.Null, cancellationToken: Cancellation));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact] // an account that may read everything cannot open a directory as a file either
    public async Task BuildAsync_FileThatBecameADirectory_MayNotBeRead()
    {
        string path = _directory.Write("tree/f", "x");
        Layer layer = Listed();
        File.Delete(path);
        Directory.CreateDirectory(path);
        UnauthorizedAccessException error = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => layer.BuildAsync(Stream.Null, cancellationToken: Cancellation));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_FileThatMayNotBeRead_IsAnErrorThatNamesIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "This account may read every file.");
        string path = _directory.Write("tree/f", "x");
        File.SetUnixFileMode(path, UnixFileMode.None);
        UnauthorizedAccessException error = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Listed().BuildAsync(Stream.Null, cancellationToken: Cancellation));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/self/mem")] // has no length, and its first page cannot be read
    [InlineData("/proc/self/status")] // has no length, and content
    public async Task BuildAsync_FileThatLies_IsAnError(string path)
    {
        Assert.SkipUnless(File.Exists(path), "There is no such file here.");
        Layer layer = Layer.FromEntries("x", [new TarItem(new("f", TarMemberKind.File), TarContent.FromFile(path))]);
        await Assert.ThrowsAsync<IOException>(() => layer.BuildAsync(Stream.Null, As(CompressionFormat.None), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task BuildAsync_CancelledInTheMiddle_StopsAndDisposesTheContent()
    {
        using CancellationTokenSource stop = new();
        PatternStream content = new(1L << 40, 1) { BeforeRead = position => { if (position >= 1 << 20) { stop.Cancel(); } } };
        DisposalStream watched = new(content);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Streamed(1L << 40, _ => new(watched)).BuildAsync(Stream.Null, cancellationToken: stop.Token));
        Assert.True(watched.IsDisposed);
    }

    [Theory]
    [InlineData(CompressionFormat.None)]
    [InlineData(CompressionFormat.Gzip)]
    public async Task BuildAsync_CancelledWhileContentGivesNothing_Stops(CompressionFormat format)
    {
        using CancellationTokenSource stop = new();
        await using DisposalStream silent = new(new SilentStream(stop.Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Streamed(10, _ => new(silent)).BuildAsync(Stream.Null, As(format), cancellationToken: stop.Token));
        Assert.True(silent.IsDisposed);
    }

    [Fact]
    public async Task BuildAsync_CancelledWhileEntriesAreAwaited_StopsAndDisposesThem()
    {
        using CancellationTokenSource stop = new();
        bool isDisposed = false;
        async IAsyncEnumerable<TarItem> Entries([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return LayerEntry.File("a", default);
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                isDisposed = true;
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Layer.FromEntries("x", Entries(CancellationToken.None)).BuildAsync(Stream.Null, cancellationToken: stop.Token));
        Assert.True(isDisposed);
    }

    [Fact]
    public async Task BuildAsync_EntriesThatFail_PassTheError()
    {
        static async IAsyncEnumerable<TarItem> Entries()
        {
            yield return LayerEntry.File("a", default);
            await Task.Yield();
            throw new InvalidTimeZoneException("any");
        }

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Layer.FromEntries("x", Entries()).BuildAsync(Stream.Null, cancellationToken: Cancellation));
    }

    [Theory] // stated, given
    [InlineData(10, 9)]
    [InlineData(10, 0)]
    [InlineData(10, 11)]
    [InlineData(0, 1)]
    [InlineData(512, 513)]
    [InlineData(3_000_000, 2_999_999)]
    [InlineData(3_000_000, 3_000_001)]
    [InlineData(long.MaxValue / 2, 0)]
    public async Task BuildAsync_StreamOfAnotherLength_IsAnErrorThatNamesIt(long stated, int given)
    {
        FaultyStream content = FaultyStream.Whole(new byte[given]);
        IOException error = await Assert.ThrowsAsync<IOException>(() => Streamed(stated, _ => new(content)).BuildAsync(Stream.Null, cancellationToken: Cancellation));
        Assert.Contains("'streamed'", error.Message, StringComparison.Ordinal);
        Assert.True(content.IsDisposed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_000_000)]
    public async Task BuildAsync_StreamThatFails_PassesTheError(int at)
    {
        FaultyStream content = FaultyStream.ThrowingAt(new byte[3_000_000], at, new InvalidTimeZoneException("any"));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Streamed(3_000_000, _ => new(content)).BuildAsync(Stream.Null, cancellationToken: Cancellation));
        Assert.True(content.IsDisposed);
    }

    [Fact]
    public async Task BuildAsync_StreamThatCannotBeOpened_PassesTheError()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Streamed(1, _ => throw new InvalidTimeZoneException("any")).BuildAsync(Stream.Null, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Streamed(1, _ => default).BuildAsync(Stream.Null, cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("touch \"$(printf 'tree/a\\377')\"")]
    [InlineData("ln -s \"$(printf 'a\\377')\" tree/link")]
    public async Task BuildAsync_BytesThatAreNotUtf8_AreRefused(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems take no such names.");
        _directory.MakeDirectory("tree");
        await ShellAsync(command);
        Exception? error = await Record.ExceptionAsync(() => Layer.FromDirectory(_directory.PathOf("tree")).BuildAsync(Stream.Null, cancellationToken: Cancellation));
        await ShellAsync("rm -r tree");
        Assert.IsType<DirectoryEntryException>(error);
    }

    [Fact]
    public async Task BuildAsync_LongNames_AreKept()
    {
        string name = new('n', 300);
        string[] paths = [name, $"{name}/{name}", string.Join('/', Enumerable.Repeat("deep", 200)), new string('\u00E9', 150)];
        Dictionary<string, byte[]> packed = await PackedAsync(Layer.FromEntries("x", paths.Skip(1).Select(path => LayerEntry.File(path, "x"u8.ToArray()))));
        Assert.All(paths.Skip(1), path => Assert.Equal("x"u8, packed[path]));
        Assert.True((await PackedAsync(Layer.FromEntries("x", [LayerEntry.SymbolicLink(name, name + name)]))).ContainsKey(name));
    }

    [Fact]
    public async Task BuildAsync_SparseFile_IsReadWithZerosInItsHoles()
    {
        const int Length = 20 << 20;
        string path = WriteSparse("tree/sparse", Length);
        byte[] expected = new byte[Length];
        expected[Length / 2] = 0x2A;
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write))
        {
            file.Position = Length / 2;
            file.WriteByte(0x2A);
        }

        Assert.Equal(SHA256.HashData(expected), SHA256.HashData((await PackedAsync(Layer.FromDirectory(_directory.PathOf("tree"))))["sparse"]));
    }

    private static Layer Streamed(long length, Func<CancellationToken, ValueTask<Stream>> open) =>
        Layer.FromEntries("x", [new TarItem(new TarMember("streamed", TarMemberKind.File) { LengthBytes = length }, TarContent.FromStream(open))]);

    private Layer Listed() => Layer.FromEntries("x", DirectoryReader.Read(_directory.PathOf("tree")));

    private string WriteSparse(string relative, long length)
    {
        string path = _directory.Write(relative);
        SetLength(path, length);
        return path;
    }

    private static void SetLength(string path, long length)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private async Task ShellAsync(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _directory.Path })!;
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<Dictionary<string, byte[]>> PackedAsync(Layer layer)
    {
        using MemoryStream blob = new();
        await layer.BuildAsync(blob, As(CompressionFormat.None), cancellationToken: Cancellation);
        blob.Position = 0;
        using TarReader reader = new(blob);
        Dictionary<string, byte[]> packed = [];
        while (await reader.GetNextEntryAsync(copyData: true, Cancellation) is { } entry)
        {
            using MemoryStream content = new();
            await (entry.DataStream ?? Stream.Null).CopyToAsync(content, Cancellation);
            packed.Add(entry.Name, content.ToArray());
        }

        return packed;
    }

    private static LayerOptions As(CompressionFormat format) => new() { Compression = format == CompressionFormat.None ? PackCompression.None : PackCompression.Gzip() };
}

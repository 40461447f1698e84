using System.Globalization;
using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.Archives.Tests.Packing;

public class PackMemoryTests
{
    private const int Workers = 2;

    // What is promised, and room for the heap of .NET, which takes some 10 MiB before it collects.
    private const long PromisedBytes = (32L + (4 * Workers)) << 20;
    private const long HeapBytes = 16L << 20;

    [Fact]
    public async Task PackAsync_TwelveAtOnce_StayWithinTheBound()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of memory is read from /proc.");
        await InnerRun.PassesAsync("DOTNET_GCgen0size", "400000", "-explicit", "only", "-method", $"{typeof(PackMemoryTests).FullName}.{nameof(Inner_TwelveAtOnce)}");
    }

    [Fact(Explicit = true)] // alone, in a process of its own
    public async Task Inner_TwelveAtOnce()
    {
        CompressionPool pool = new(Workers);
        foreach (DeflateLevel level in Enum.GetValues<DeflateLevel>())
        {
            await PackAsync(pool, level, 1 << 20);
        }

        long idle = Status("VmRSS:");
        DeflateLevel[] levels = [DeflateLevel.Fast, DeflateLevel.Default, DeflateLevel.Small, DeflateLevel.Store];
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PackAsync(pool, levels[i % levels.Length], 24 << 20)));

        long more = Status("VmHWM:") - idle;
        Assert.True(more <= PromisedBytes + HeapBytes, $"{more >> 20} MiB more than idle");
    }

    [Fact]
    public async Task Read_LargeDirectory_KeepsLittleOfEachEntry() =>
        await InnerRun.PassesAsync("DOTNET_gcConcurrent", "0", "-explicit", "only", "-method", $"{typeof(PackMemoryTests).FullName}.{nameof(Inner_LargeDirectory)}");

    [Fact(Explicit = true)] // alone, in a process of its own
    public void Inner_LargeDirectory()
    {
        const int Entries = 20_000;
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        for (int i = 0; i < Entries; i++)
        {
            directory.Write($"a-file-with-a-name-{i:D6}.txt");
        }

        using IEnumerator<TarItem> items = DirectoryReader.Read(directory.Path).GetEnumerator();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(items.MoveNext());
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(kept, 0, 200 * Entries);
        while (items.MoveNext())
        {
        }
    }

    private static Task<PackResult> PackAsync(CompressionPool pool, DeflateLevel level, int length)
    {
        TarItem item = new(new("file", TarMemberKind.File) { LengthBytes = length }, TarContent.FromStream(_ => new(new PatternStream(length, 7))));
        return TarPacker.PackAsync(new[] { item }.ToAsyncEnumerable(), Stream.Null, new() { Compression = PackCompression.Gzip(level), Pool = pool }, TestContext.Current.CancellationToken);
    }

    private static long Status(string name) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
}

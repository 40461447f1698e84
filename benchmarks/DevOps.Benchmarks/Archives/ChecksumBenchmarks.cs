using BenchmarkDotNet.Attributes;
using DevOps.Archives.Compression;

namespace DevOps.Benchmarks.Archives;

/// <summary>The checksum of one MiB.</summary>
public class ChecksumBenchmarks
{
    private NativeContent? _tar;

    [GlobalSetup]
    public void Prepare() => _tar = Corpus.Tar();

    [GlobalCleanup]
    public void CleanUp() => _tar?.Dispose();

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Crc32Append() => Crc32.Append(0, _tar!.All);

    [Benchmark(Baseline = true, OperationsPerInvoke = Corpus.Mebibytes)]
    public long Crc32Portable() => Crc32.AppendPortable(0, _tar!.All);
}

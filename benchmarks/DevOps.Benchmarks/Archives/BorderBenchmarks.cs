using BenchmarkDotNet.Attributes;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Benchmarks.Archives;

/// <summary>The scan of one MiB for segment borders: all of it, and its inner loop beside the portable one.</summary>
public unsafe class BorderBenchmarks
{
    private NativeContent? _tar;

    [GlobalSetup]
    public void Prepare() => _tar = Corpus.Tar();

    [GlobalCleanup]
    public void CleanUp() => _tar?.Dispose();

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public int Borders() => Segments.Of(_tar!).Count;

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public int Hits() => CountHits(&BorderHash.Next);

    [Benchmark(Baseline = true, OperationsPerInvoke = Corpus.Mebibytes)]
    public int HitsPortable() => CountHits(&BorderHash.NextScalar);

    private int CountHits(delegate*<byte*, int, int, int, int> next)
    {
        int end = (int)_tar!.LengthBytes - BorderHash.WindowBytes;
        int threshold = SegmentRules.Version1.Threshold;
        int hits = 0;
        for (int at = 0; (at = next(_tar.Start, at, end, threshold)) < end; at++)
        {
            hits++;
        }

        return hits;
    }
}

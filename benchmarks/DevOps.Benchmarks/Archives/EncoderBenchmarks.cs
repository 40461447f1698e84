using BenchmarkDotNet.Attributes;
using DevOps.Archives.Compression;

namespace DevOps.Benchmarks.Archives;

/// <summary>What one MiB costs to compress on one thread, beside the encoder of the base class library.</summary>
[MemoryDiagnoser]
public class EncoderBenchmarks
{
    private NativeContent? _tar;

    [GlobalSetup]
    public void Prepare() => _tar = Corpus.Tar();

    [GlobalCleanup]
    public void CleanUp() => _tar?.Dispose();

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Fast() => OneThreadEncoder.Run(_tar!, DeflateLevel.Fast);

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Default() => OneThreadEncoder.Run(_tar!, DeflateLevel.Default);

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Small() => OneThreadEncoder.Run(_tar!, DeflateLevel.Small);

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Store() => OneThreadEncoder.Run(_tar!, DeflateLevel.Store);

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long GZipStream1() => LibraryEncoders.GZip(_tar!, 1);

    [Benchmark(Baseline = true, OperationsPerInvoke = Corpus.Mebibytes)]
    public long GZipStream6() => LibraryEncoders.GZip(_tar!, 6);
}

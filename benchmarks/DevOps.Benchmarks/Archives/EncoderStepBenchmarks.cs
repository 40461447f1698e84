using BenchmarkDotNet.Attributes;
using DevOps.Archives.Compression;

namespace DevOps.Benchmarks.Archives;

/// <summary>What one MiB costs in each step of the encoder, on one thread.</summary>
public unsafe class EncoderStepBenchmarks
{
    private NativeContent? _tar;
    private List<(long Start, int Length)> _segments = [];
    private List<EncoderSteps> _steps = [];

    public static IEnumerable<DeflateLevel> Levels => LevelFinder.Levels;

    [ParamsSource(nameof(Levels))]
    public DeflateLevel Level { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _tar = Corpus.Tar();
        _segments = Segments.Of(_tar);
        _steps = [.. _segments.Select(_ => new EncoderSteps(Level))];
        Find();
        Count();
        BuildCodes();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _steps.ForEach(steps => steps.Dispose());
        _tar?.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Find()
    {
        long tokens = 0;
        for (int i = 0; i < _segments.Count; i++)
        {
            tokens += _steps[i].Find(_tar!.Start + _segments[i].Start, _segments[i].Length);
        }

        return tokens;
    }

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public ulong Count() => _steps.Aggregate(0UL, (sum, steps) => sum + steps.Count());

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long BuildCodes() => _steps.Sum(steps => (long)steps.BuildCodes());

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public long Emit() => _steps.Sum(steps => steps.Emit());
}

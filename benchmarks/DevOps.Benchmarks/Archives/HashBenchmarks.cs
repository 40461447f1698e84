using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using DevOps.Oci;

namespace DevOps.Benchmarks.Archives;

/// <summary>SHA-256 of one MiB: at once, and in the pieces that packing hashes.</summary>
[MemoryDiagnoser]
public class HashBenchmarks
{
    private NativeContent? _tar;

    [GlobalSetup]
    public void Prepare() => _tar = Corpus.Tar();

    [GlobalCleanup]
    public void CleanUp() => _tar?.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Corpus.Mebibytes)]
    public int Sha256AtOnce()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return SHA256.HashData(_tar!.All, hash);
    }

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public Digest Sha256InPieces() => ContentDigest.Of(_tar!);
}

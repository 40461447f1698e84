using BenchmarkDotNet.Attributes;
using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;

namespace DevOps.Benchmarks.Archives;

/// <summary>One MiB from members to the stored bytes and both digests, on all processors.</summary>
[MemoryDiagnoser]
public class PackBenchmarks
{
    private readonly CountingStream _sink = new();
    private TarItem[] _items = [];
    private DirectoryInfo? _directory;

    [ParamsAllValues]
    public DeflateLevel Level { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        List<(string Name, byte[] Bytes)> files = Corpus.Files();
        _items = [.. Corpus.Items(files)];
        _directory = Directory.CreateTempSubdirectory("devops-benchmark-");
        foreach ((string name, byte[] bytes) in files)
        {
            string path = Path.Combine(_directory.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _directory?.Delete(recursive: true);

    [Benchmark(Baseline = true, OperationsPerInvoke = Corpus.Mebibytes)]
    public Task<PackResult> FromMemory() => PackAsync(_items);

    [Benchmark(OperationsPerInvoke = Corpus.Mebibytes)]
    public Task<PackResult> FromFiles() => PackAsync(DirectoryReader.Read(_directory!.FullName));

    private Task<PackResult> PackAsync(IEnumerable<TarItem> items) =>
        TarPacker.PackAsync(items.ToAsyncEnumerable(), _sink, new() { Compression = PackCompression.Gzip(Level) });
}

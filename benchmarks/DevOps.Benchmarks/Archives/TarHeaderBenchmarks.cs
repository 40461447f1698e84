using BenchmarkDotNet.Attributes;
using DevOps.Archives.Tar;

namespace DevOps.Benchmarks.Archives;

/// <summary>The headers of one member: where they fit, and where PAX records come before.</summary>
[MemoryDiagnoser]
public class TarHeaderBenchmarks
{
    private const int Members = 1000;

    private readonly byte[] _buffer = new byte[UstarHeader.Length];
    private readonly TarMember[] _plain = [.. Enumerable.Range(0, Members).Select(i => new TarMember($"usr/share/app/file-{i}.dll", TarMemberKind.File) { LengthBytes = i })];
    private readonly TarMember[] _extended = [.. Enumerable.Range(0, Members).Select(i => new TarMember($"usr/share/größe/{new string('n', 120)}-{i}", TarMemberKind.File) { LengthBytes = i })];

    [Benchmark(Baseline = true, OperationsPerInvoke = Members)]
    public long Ustar() => Write(_plain);

    [Benchmark(OperationsPerInvoke = Members)]
    public long Pax() => Write(_extended);

    private long Write(TarMember[] members)
    {
        long length = 0;
        foreach (TarMember member in members)
        {
            length += TarHeaders.Write(member, _buffer).Length;
        }

        return length;
    }
}

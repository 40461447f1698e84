using DevOps.Archives.Packing;

namespace DevOps.Archives.Tests.Packing;

/// <summary>Reports at once, in the thread that tells.</summary>
internal sealed class PackProgressWatch(Action<PackProgress> report) : IProgress<PackProgress>
{
    public void Report(PackProgress value) => report(value);
}

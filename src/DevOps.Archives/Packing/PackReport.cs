namespace DevOps.Archives.Packing;

/// <summary>Gathers what the stages did for who watches.</summary>
/// <remarks>What a report throws fails the pack.</remarks>
internal sealed class PackReport(IProgress<PackProgress>? progress)
{
    private readonly Lock _telling = new();
    private PackProgress _done;

    internal void Read(int bytes) => Tell(done => done with { TarBytes = done.TarBytes + bytes });

    internal void Written(long contentBytes, long storedBytes) => Tell(done => done with { CompressedBytes = contentBytes, WrittenBytes = storedBytes });

    private void Tell(Func<PackProgress, PackProgress> change)
    {
        if (progress is null)
        {
            return;
        }

        lock (_telling)
        {
            _done = change(_done);
            progress.Report(_done);
        }
    }
}

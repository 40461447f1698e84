using System.Diagnostics;
using System.Globalization;
using DevOps.Benchmarks.Comparison;
using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>Journals of runs, on disk beside plain files and in memory.</summary>
internal static class JournalComparison
{
    private const int Records = 10_000;

    private const int RecordBytes = 100;

    private const int ReadRecords = 30_000;

    private const int MemoryRecords = 1_000_000;

    private static readonly byte[] Record = [.. Enumerable.Range(0, RecordBytes).Select(i => (byte)i)];

    internal static async Task RunAsync(Options options)
    {
        (string Name, Func<ScratchDirectory, Task<(double Seconds, long Flushes)>> Run)[] writes =
        [
            ("a FileStream, `Flush(true)` after each record", FlushEachAsync),
            ("a FileStream, all records, then one `Flush(true)`", FlushOnceAsync),
            ("journal, 1 writer that awaits each record", scratch => AppendAsync(scratch, 1)),
            ("journal, 16 writers that await each record", scratch => AppendAsync(scratch, 16)),
            ("journal, 256 writers that await each record", scratch => AppendAsync(scratch, 256)),
            ("journal, 1 writer that awaits the last record", AppendAllAsync),
        ];
        (string Name, Func<ScratchDirectory, Task<double>> Run)[] others =
        [
            ("append to a journal in memory, ns a record", _ => AppendToMemoryAsync()),
            ("queue for a journal on disk, ns a record", QueueAsync),
            ("open a journal on disk, which reads and checks it, ms", scratch => OpenAsync(scratch, store => store.OpenAsync("run"))),
            ("read a journal on disk without the lease, ms", scratch => OpenAsync(scratch, ReadAsync)),
        ];
        List<(double Seconds, long Flushes)>[] writeRuns = [.. writes.Select(_ => new List<(double, long)>())];
        List<double>[] otherRuns = [.. others.Select(_ => new List<double>())];
        for (int round = 0; round <= options.Rounds; round++)
        {
            for (int i = 0; i < writes.Length; i++)
            {
                using ScratchDirectory scratch = new();
                writeRuns[(i + round) % writes.Length].Add(await writes[(i + round) % writes.Length].Run(scratch));
            }

            for (int i = 0; i < others.Length; i++)
            {
                using ScratchDirectory scratch = new();
                otherRuns[i].Add(await others[i].Run(scratch));
            }
        }

        Report report = new();
        report.Title("Journals of runs");
        report.Line($"{Text.Bytes(Records)} records of {RecordBytes} bytes. Medians of {options.Rounds} rounds in one process, after one that does not count.");
        report.Section("Write");
        report.Header("what", "records/s", "flushes", "records a flush", "µs a flush");
        foreach (((string name, _), List<(double Seconds, long Flushes)> runs) in writes.Zip(writeRuns))
        {
            double seconds = Measurement.Median(runs.Skip(1).Select(run => run.Seconds));
            double flushes = Measurement.Median(runs.Skip(1).Select(run => (double)run.Flushes));
            report.Row(name, Number(Records / seconds), Number(flushes), Number(Records / flushes), Number(seconds * 1e6 / flushes));
        }

        report.Section("Append and read");
        report.Line($"{Text.Bytes(MemoryRecords)} records in memory, {Text.Bytes(Records)} queued, {Text.Bytes(ReadRecords)} read.");
        report.Line();
        report.Header("what", "takes");
        foreach (((string name, _), List<double> runs) in others.Zip(otherRuns))
        {
            report.Row(name, Measurement.Median(runs.Skip(1)).ToString("#,0.0", CultureInfo.InvariantCulture));
        }

        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static Task<(double Seconds, long Flushes)> FlushEachAsync(ScratchDirectory scratch)
    {
        using FileStream file = File.Create(scratch["plain"]);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Records; i++)
        {
            file.Write(Record);
            file.Flush(flushToDisk: true);
        }

        return Task.FromResult((Stopwatch.GetElapsedTime(start).TotalSeconds, (long)Records));
    }

    private static Task<(double Seconds, long Flushes)> FlushOnceAsync(ScratchDirectory scratch)
    {
        using FileStream file = File.Create(scratch["plain"]);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Records; i++)
        {
            file.Write(Record);
        }

        file.Flush(flushToDisk: true);
        return Task.FromResult((Stopwatch.GetElapsedTime(start).TotalSeconds, 1L));
    }

    private static async Task<(double Seconds, long Flushes)> AppendAsync(ScratchDirectory scratch, int writers)
    {
        await using IRunJournal journal = await new FolderRunStore(scratch["runs"]).CreateAsync("run");
        int left = Records;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await journal.AppendAsync(Record);
            }
        })));
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, journal.Statistics.Flushes);
    }

    private static async Task<(double Seconds, long Flushes)> AppendAllAsync(ScratchDirectory scratch)
    {
        await using IRunJournal journal = await new FolderRunStore(scratch["runs"]).CreateAsync("run");
        long start = Stopwatch.GetTimestamp();
        Queue(journal, Records);
        await journal.FlushAsync();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, journal.Statistics.Flushes);
    }

    private static async Task<double> QueueAsync(ScratchDirectory scratch)
    {
        await using IRunJournal journal = await new FolderRunStore(scratch["runs"]).CreateAsync("run");
        return NanosecondsEach(journal, Records);
    }

    private static async Task<double> AppendToMemoryAsync()
    {
        await using IRunJournal journal = await new MemoryRunStore().CreateAsync("run");
        return NanosecondsEach(journal, MemoryRecords);
    }

    private static async Task<double> OpenAsync(ScratchDirectory scratch, Func<FolderRunStore, Task<IRunJournal>> open)
    {
        FolderRunStore store = new(scratch["runs"]);
        await using (IRunJournal journal = await store.CreateAsync("run"))
        {
            Queue(journal, ReadRecords);
        }

        long start = Stopwatch.GetTimestamp();
        await using IRunJournal opened = await open(store);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // The journal that it gives is only there to be disposed.
    private static async Task<IRunJournal> ReadAsync(FolderRunStore store)
    {
        int count = 0;
        await foreach (ReadOnlyMemory<byte> record in store.ReadAsync("run"))
        {
            count += record.Length == RecordBytes ? 1 : 0;
        }

        return count == ReadRecords ? await new MemoryRunStore().CreateAsync("run") : throw new InvalidOperationException("Records are missing.");
    }

    private static double NanosecondsEach(IRunJournal journal, int records)
    {
        long start = Stopwatch.GetTimestamp();
        Queue(journal, records);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / records;
    }

    private static void Queue(IRunJournal journal, int records)
    {
        for (int i = 0; i < records; i++)
        {
            _ = journal.AppendAsync(Record);
        }
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using DevOps.Benchmarks.Comparison;
using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>What it costs to go on with a run all of whose jobs have finished, beside reading its journal.</summary>
internal static class ResumeCost
{
    private const int Jobs = 10_000;

    private const int WarmUps = 5;

    internal static async Task RunAsync(Options options)
    {
        Pipeline pipeline = Graphs.Layered(Jobs, 4, static _ => Task.CompletedTask);
        using ScratchDirectory scratch = new();
        await pipeline.RunAsync(new() { Store = new FolderRunStore(scratch["runs"]), RunId = "run" });
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(scratch["runs"], "run", "journal"));
        List<double> reads = [];
        List<double> resumes = [];
        List<double> runs = [];
        List<double> opens = [];
        List<double> replays = [];
        for (int round = -WarmUps; round < options.Rounds; round++)
        {
            // Without its end, which is the last record, the run can be resumed; the cut falls into that record.
            await File.WriteAllBytesAsync(Path.Combine(scratch["runs"], "run", "journal"), whole[..^1]);
            FolderRunStore store = new(scratch["runs"]);
            long start = Stopwatch.GetTimestamp();
            int records = 0;
            await foreach (ReadOnlyMemory<byte> record in store.ReadAsync("run"))
            {
                records += record.Length > 0 ? 1 : 0;
            }

            double read = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            await using (IRunJournal journal = await store.OpenAsync("run"))
            {
            }

            double open = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            await store.ReadRunAsync("run");
            double replay = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await File.WriteAllBytesAsync(Path.Combine(scratch["runs"], "run", "journal"), whole[..^1]);
            start = Stopwatch.GetTimestamp();
            PipelineRun run = await pipeline.ResumeAsync("run", new() { Store = store });
            PipelineResult result = await run.Completion;
            double resume = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            await pipeline.RunAsync();
            double plain = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (records < 2 * Jobs || result.Jobs.Any(job => !job.IsRestored))
            {
                throw new InvalidOperationException("Jobs ran that had finished.");
            }

            if (round >= 0)
            {
                reads.Add(read);
                resumes.Add(resume);
                runs.Add(plain);
                opens.Add(open);
                replays.Add(replay);
            }
        }

        Report report = new();
        report.Title("Going on with a run");
        report.Line($"A run of {Text.Bytes(Jobs)} finished jobs with 4 needs each, whose last record is missing. Medians of {options.Rounds} rounds in one process, after five that do not count.");
        report.Section("Resume");
        report.Header("what", "ms", "times reading");
        report.Row("read the journal's records, with all checks", Number(Measurement.Median(reads)), "1.0");
        report.Row("open it: take the lease, find its end, with all checks", Number(Measurement.Median(opens)), Number(Measurement.Median(opens) / Measurement.Median(reads)));
        report.Row("read it and make results of all jobs", Number(Measurement.Median(replays)), Number(Measurement.Median(replays) / Measurement.Median(reads)));
        report.Row("resume to the end: open, read, compare the graph, take over every job, write the end", Number(Measurement.Median(resumes)), Number(Measurement.Median(resumes) / Measurement.Median(reads)));
        report.Row("run the jobs, which do nothing, without a journal", Number(Measurement.Median(runs)), Number(Measurement.Median(runs) / Measurement.Median(reads)));
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static string Number(double value) => value.ToString("N1", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Security.Cryptography;
using DevOps.Pipelines;

namespace DevOps.Benchmarks.Comparison;

/// <summary>What it takes to find that none of 50,000 files changed, beside reading and hashing them one after another.</summary>
internal static class FingerprintCost
{
    private const int Folders = 100;
    private const int FilesOfFolder = 500;
    private const int FileBytes = 2000;

    private const string Plain = "list, read and hash, one file after another";
    private const string Listing = "list only, with lengths and times";
    private const string Finding = "find the files by patterns";
    private const string OneAtATime = "fingerprint, one file at a time";
    private const string AsGiven = "fingerprint";
    private const string Unchanged = "fingerprint, and find the recorded result";

    internal static void Run(Options options)
    {
        using ScratchDirectory scratch = new();
        string root = scratch["tree"];
        Console.Error.WriteLine($"writing {Folders * FilesOfFolder} files");
        Trees.Write(root, Folders, FilesOfFolder, _ => FileBytes);
        Fingerprint fingerprint = Fingerprint.Of("build").WithVersion("1").WithFiles("**/*.json", "**/*.props");
        FingerprintOptions one = new() { MaxConcurrency = 1 };
        ResultCache cache = new(new FolderCacheRecords(scratch["results"]));
        FingerprintRecord record = Capture(null);
        cache.StoreAsync(record, new(default, [])).GetAwaiter().GetResult();
        long recordBytes = new DirectoryInfo(scratch["results"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        if (Capture(one).Digest != record.Digest || HashAll(root) != Folders * FilesOfFolder)
        {
            throw new InvalidOperationException("The fingerprint is not the same, or not of all files.");
        }

        Contest contest = new(options.Rounds);
        Add(Plain, () => HashAll(root));
        Add(Listing, () => Trees.Walk(root));
        Add(Finding, () => FileWalk.Find(root, FilePatterns.Of("**/*.json", "**/*.props"), new(1_000_000, long.MaxValue), CancellationToken.None));
        Add(OneAtATime, () => Capture(one));
        Add(AsGiven, () => Capture(null));
        Add(Unchanged, () =>
        {
            if (cache.FindAsync(Capture(null)).GetAwaiter().GetResult().Result is null)
            {
                throw new InvalidOperationException("The recorded result was not found.");
            }
        });
        contest.Run();

        Report report = new();
        report.Title("Finding that nothing changed");
        report.Line($"{Folders * FilesOfFolder} files of {FileBytes} bytes in {Folders} directories, all in the system's cache. Medians of {options.Rounds} rounds of one run in one process. The record of all files has {Text.Bytes(recordBytes)} bytes.");
        report.Section("Times");
        report.Header("what", "seconds", "files a second", "CPU seconds");
        foreach (string name in contest.Names)
        {
            Measurement measured = contest[name]!;
            report.Row(name, Text.Seconds(measured.Seconds), Text.Bytes((long)(Folders * FilesOfFolder / measured.Seconds)), Text.Seconds(measured.CpuSeconds));
        }

        report.Section("Ratios");
        Verdicts.Header(report);
        Verdicts.Tell(report, "speed of the fingerprint, of plain reading and hashing", contest[Plain]!.Seconds / contest[AsGiven]!.Seconds);
        Verdicts.Tell(report, "speed of the fingerprint one file at a time, of plain reading and hashing", contest[Plain]!.Seconds / contest[OneAtATime]!.Seconds);
        Machine.Describe(report);
        report.Publish(options.Output);

        FingerprintRecord Capture(FingerprintOptions? how) => fingerprint.CaptureAsync(root, how).GetAwaiter().GetResult();

        void Add(string name, Action run) => contest.Add(name, () =>
        {
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            run();
            return new(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, null, null);
        });
    }

    // What a program would do without further thought.
    private static int HashAll(string root)
    {
        using IncrementalHash all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] files = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            all.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return all.GetHashAndReset().Length > 0 ? files.Length : 0;
    }
}

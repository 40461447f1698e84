using System.Diagnostics;
using DevOps.Archives.Caching;
using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Benchmarks.Archives;

namespace DevOps.Benchmarks.Comparison;

/// <summary>Packs again what did not change, or changed by a byte, with a cache.</summary>
internal static class CachedPacks
{
    private const int Folders = 50;
    private const int FilesOfFolder = 100;

    private const string StartUp = "devops --help: start-up alone";
    private const string NoCache = "devops pack, no cache";
    private const string Unchanged = "devops pack --cache, nothing changed";
    private const string WalkProcess = "walk and stat, as a process";
    private const string WalkHere = "walk and stat, in process";
    private const string FoundHere = "PackCache.PackToFileAsync, nothing changed, in process";
    private const string BigUnchanged = "devops pack --cache, nothing changed in the big tree";
    private const string BigChanged = "devops pack --cache, an early file grew by a byte";
    private const string BigChangedHere = "PackCache.PackToFileAsync, an early file grew by a byte, in process";
    private const string BigNoCache = "devops pack of the big tree, no cache";
    private const string Hashes = "SHA-256 of the big tree's tar and of its layer";

    // The first member of the big tree. As long as a whole number of blocks of a tar: with one byte more, everything behind it moves.
    private const string EarlyFile = "!early";
    private const int Block = 512;
    private const int WarmUps = 30;

    internal static void Run(Options options)
    {
        string cli = options.RequireCli();
        Report report = new();
        report.Title("Packing again with a cache");
        if (!Usage(cli).Contains("--cache", StringComparison.Ordinal))
        {
            report.Line("Skipped: this `devops pack` has no option `--cache`.");
            report.Publish(options.Output);
            return;
        }

        using ScratchDirectory scratch = new();
        Prepare(options, scratch);
        long tarBytes = MakeHashInput(scratch);
        Contest contest = new(options.Rounds);
        AddSmall(contest, cli, scratch);
        AddBig(contest, cli, scratch);
        contest.Run();
        report.Line($"A small tree of {Folders * FilesOfFolder} files; a big one whose tar has {Text.Bytes(tarBytes)} bytes. Medians of {options.Rounds} rounds of one run, level fast; start-up of each process included.");
        report.Section("Times");
        report.Header("what", "seconds", "CPU seconds", "peak MB");
        foreach (string name in contest.Names)
        {
            Measurement measured = contest[name]!;
            report.Row(name, Text.Seconds(measured.Seconds), Text.Seconds(measured.CpuSeconds), Text.Megabytes(measured.PeakBytes));
        }

        report.Section("Goals");
        Verdicts.Header(report);
        Verdicts.Tell(report, "time for the unchanged small tree, of a process that walks and stats it", contest[Unchanged]?.Seconds / contest[WalkProcess]?.Seconds);
        Verdicts.Tell(report, "the same without start-up, of walking and stat-ing in process", (contest[Unchanged]?.Seconds - contest[StartUp]?.Seconds) / contest[WalkHere]?.Seconds);
        Verdicts.AtMost(report, "time for the unchanged small tree in process, of walking and stat-ing it in process", contest[FoundHere]?.Seconds / contest[WalkHere]?.Seconds, 2);
        Verdicts.AtMost(report, "time after one byte more in an early file of the big tree, of the two hashes", contest[BigChanged]?.Seconds / contest[Hashes]?.Seconds, 1.25);
        Verdicts.Tell(report, "the same in process", contest[BigChangedHere]?.Seconds / contest[Hashes]?.Seconds);
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static string Usage(string cli)
    {
        using Process process = Process.Start(new ProcessStartInfo(cli, ["--help"]) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    private static void Prepare(Options options, ScratchDirectory scratch)
    {
        Console.Error.WriteLine("writing the trees");
        Trees.Write(scratch["small"], Folders, FilesOfFolder, number => 1000 + (number * 37 % 20000));
        Trees.Copy(options.Directory ?? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../..")), scratch["big"]);
        SetEarlyFile(scratch, Block);

        // What changed a moment ago may change again without a new time: a cache may leave such files out.
        Thread.Sleep(TimeSpan.FromSeconds(3));
    }

    // What would have to be hashed of the big tree in any case; the one byte more makes no difference to that.
    private static long MakeHashInput(ScratchDirectory scratch)
    {
        foreach ((string name, PackCompression compression) in new[] { ("tar", PackCompression.None), ("layer", PackCompression.Gzip(DeflateLevel.Fast)) })
        {
            using FileStream file = File.Create(scratch[name]);
            TarPacker.PackAsync(DirectoryReader.Read(scratch["big"]).ToAsyncEnumerable(), file, new() { Compression = compression }).GetAwaiter().GetResult();
        }

        return new FileInfo(scratch["tar"]).Length;
    }

    private static void AddSmall(Contest contest, string cli, ScratchDirectory scratch)
    {
        Pack(cli, scratch, "small", cached: true);
        contest.Add(StartUp, () => Programs.Run("exec \"$1\" --help >/dev/null", null, cli));
        contest.Add(NoCache, () => Pack(cli, scratch, "small", cached: false));
        contest.Add(Unchanged, () => Pack(cli, scratch, "small", cached: true));
        contest.Add(WalkProcess, () => Programs.Run("exec \"$1\" walk \"$2\"", null, Environment.ProcessPath!, scratch["small"]));
        contest.Add(WalkHere, () => Programs.RunHere(() =>
        {
            _ = Trees.Walk(scratch["small"]);
            return null;
        }));
        PackCache cache = PackCache.Open(scratch["cache-in-process"]);

        // Compiled by then, as in a program that runs on.
        for (int i = 0; i < WarmUps; i++)
        {
            _ = Trees.Walk(scratch["small"]);
            Find(cache, scratch, "small");
        }

        contest.Add(FoundHere, () => Programs.RunHere(() =>
        {
            Find(cache, scratch, "small");
            return null;
        }));
    }

    private static void AddBig(Contest contest, string cli, ScratchDirectory scratch)
    {
        contest.Add(BigNoCache, () => Pack(cli, scratch, "big", cached: false));
        contest.Add(BigUnchanged, () =>
        {
            Pack(cli, scratch, "big", cached: true);
            return Pack(cli, scratch, "big", cached: true);
        });
        contest.Add(BigChanged, round =>
        {
            SetEarlyFile(scratch, (round + 2) * Block);
            Pack(cli, scratch, "big", cached: true);
            SetEarlyFile(scratch, ((round + 2) * Block) + 1);
            return Pack(cli, scratch, "big", cached: true);
        });
        PackCache here = PackCache.Open(scratch["cache-in-process-of-big"]);
        contest.Add(BigChangedHere, round =>
        {
            SetEarlyFile(scratch, (round + 102) * Block);
            Find(here, scratch, "big");
            SetEarlyFile(scratch, ((round + 102) * Block) + 1);
            return Programs.RunHere(() =>
            {
                Find(here, scratch, "big");
                return null;
            });
        });
        contest.Add(Hashes, () =>
        {
            using NativeContent tar = NativeContent.Read(scratch["tar"]);
            using NativeContent layer = NativeContent.Read(scratch["layer"]);
            return Programs.RunHere(() =>
            {
                _ = ContentDigest.Of(tar);
                _ = ContentDigest.Of(layer);
                return null;
            });
        });
    }

    private static void SetEarlyFile(ScratchDirectory scratch, int length) => File.WriteAllBytes(Path.Combine(scratch["big"], EarlyFile), new byte[length]);

    private static void Find(PackCache cache, ScratchDirectory scratch, string tree) =>
        cache.PackToFileAsync(() => DirectoryReader.Read(scratch[tree]).ToAsyncEnumerable(), scratch["output"], new() { Compression = PackCompression.Gzip(DeflateLevel.Fast) }).GetAwaiter().GetResult();

    private static Measurement Pack(string cli, ScratchDirectory scratch, string tree, bool cached)
    {
        string line = "exec \"$1\" pack \"$2\" -o \"$3\" --level fast --json" + (cached ? " --cache \"$4\"" : "") + " >/dev/null";
        Measurement measured = Programs.Run(line, scratch["output"], cli, scratch[tree], scratch["output"], scratch["cache-of-" + tree]);
        File.Delete(scratch["output"]);
        return measured;
    }
}

using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Benchmarks.Archives;

namespace DevOps.Benchmarks.Comparison;

/// <summary>Packs a directory with this SDK and with others, in one run.</summary>
/// <remarks>
/// The limit is what a machine could do at best: one igzip -1 of the tar and SHA-256 of it and of what it became, spread evenly over all cores, with reading, walking and everything else for nothing.
/// </remarks>
internal sealed class PackComparison : IDisposable
{
    private const string StartUp = "devops --help: start-up alone";
    private const string Igzip = "igzip -1 of the tar";
    private const string IgzipToNothing = "igzip -1 of the tar, to /dev/null";
    private const string HashOfTar = "SHA-256 of the tar";
    private const string HashOfOutput = "SHA-256 of what igzip -1 made";
    private const string GZipStream6 = "GZipStream 6, one thread";
    private const string ZLib9 = "ZLibStream 9, one thread";

    private static readonly DeflateLevel[] Levels = [DeflateLevel.Fast, DeflateLevel.Default, DeflateLevel.Small, DeflateLevel.Store];
    private static readonly string[] Peers = ["gzip", "igzip", "pigz"];

    private readonly Options _options;
    private readonly string _directory;
    private readonly string _cli;
    private readonly ScratchDirectory _scratch = new();
    private readonly NativeContent _tar;
    private readonly long _members;
    private readonly Contest _contest;

    private PackComparison(Options options)
    {
        _options = options;
        _directory = options.RequireDirectory();
        _cli = options.RequireCli();
        _contest = new(options.Rounds);
        using (FileStream file = File.Create(_scratch["tar"]))
        {
            PackOptions plain = new() { Compression = PackCompression.None };
            _members = TarPacker.PackAsync(DirectoryReader.Read(_directory).ToAsyncEnumerable(), file, plain).GetAwaiter().GetResult().MemberCount;
            if (file.Length > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
            {
                throw new ArgumentException("The directory is larger than half of the memory, which its tar is held in. Name a smaller one.");
            }
        }

        _tar = NativeContent.Read(_scratch["tar"]);
    }

    internal static void Run(Options options)
    {
        using PackComparison comparison = new(options);
        comparison.AddOurs();
        comparison.AddPeers();
        comparison.AddInProcess();
        comparison._contest.Run();
        StageTable stages = StageTable.Measure(comparison._directory, comparison._tar, comparison._scratch["staged"], options.Rounds);
        comparison.Write(stages);
    }

    public void Dispose()
    {
        _tar.Dispose();
        _scratch.Dispose();
    }

    private static string Ours(DeflateLevel level) => $"devops pack, {Name(level)}";

    private static string Encoder(DeflateLevel level) => $"encoder {Name(level)}, one thread";

    private static string Name(DeflateLevel level) => level.ToString().ToLowerInvariant();

    private void AddOurs()
    {
        _contest.Add(StartUp, () => Programs.Run("exec \"$1\" --help >/dev/null", null, _cli));
        foreach (DeflateLevel level in Levels)
        {
            string pack = $"exec \"$1\" pack \"$2\" -o \"$3\" --level {Name(level)} --json";
            AddShell(Ours(level), pack + " >/dev/null", _cli, _directory);
            AddShell(Ours(level) + ", --threads 1", pack + " --threads 1 >/dev/null", _cli, _directory);
        }
    }

    private void AddPeers()
    {
        AddPeer("gzip", "tar \\| gzip -6", "tar -C \"$1\" -cf - . | gzip -6 >\"$2\"", _directory);
        AddPeer("igzip", "tar \\| igzip -1", "tar -C \"$1\" -cf - . | igzip -1 >\"$2\"", _directory);
        AddPeer("igzip", Igzip, "exec igzip -1 -c \"$1\" >\"$2\"", _scratch["tar"]);
        AddPeer("igzip", "igzip -3 of the tar", "exec igzip -3 -c \"$1\" >\"$2\"", _scratch["tar"]);
        AddPeer("pigz", "pigz -1 of the tar", "exec pigz -1 -c \"$1\" >\"$2\"", _scratch["tar"]);
        AddPeer("pigz", "pigz -6 of the tar", "exec pigz -6 -c \"$1\" >\"$2\"", _scratch["tar"]);
        AddPeer("pigz", "pigz -p1 -1 of the tar", "exec pigz -p1 -1 -c \"$1\" >\"$2\"", _scratch["tar"]);
        if (Programs.Find("igzip") is not null)
        {
            _contest.Add(IgzipToNothing, () => Programs.Run("exec igzip -1 -c \"$1\" >/dev/null", null, _scratch["tar"]));
            Programs.Run("exec igzip -1 -c \"$1\" >\"$2\"", _scratch["igzip"], _scratch["tar"], _scratch["igzip"]);
            _contest.Add(HashOfOutput, HashOf(_scratch["igzip"]));
        }
    }

    private void AddInProcess()
    {
        _contest.Add("GZipStream 1, one thread", () => Programs.RunHere(() => LibraryEncoders.GZip(_tar, 1)));
        _contest.Add(GZipStream6, () => Programs.RunHere(() => LibraryEncoders.GZip(_tar, 6)));
        _contest.Add(ZLib9, () => Programs.RunHere(() => LibraryEncoders.ZLib(_tar, 9)));
        foreach (DeflateLevel level in Levels)
        {
            _contest.Add(Encoder(level), () => Programs.RunHere(() => OneThreadEncoder.Run(_tar, level)));
        }

        _contest.Add(HashOfTar, () => Programs.RunHere(() => Hash(_tar)));
    }

    private void AddPeer(string program, string name, string line, string input)
    {
        if (Programs.Find(program) is not null)
        {
            AddShell(name, line, input);
        }
    }

    // The last argument of the line is the output, whose size is taken before it is removed: what is written back to disk would disturb the next.
    private void AddShell(string name, string line, params string[] arguments) => _contest.Add(name, () =>
    {
        string output = _scratch["output"];
        Measurement measured = Programs.Run(line, output, [.. arguments, output]);
        File.Delete(output);
        return measured;
    });

    private static Func<Measurement> HashOf(string path) => () =>
    {
        using NativeContent content = NativeContent.Read(path);
        return Programs.RunHere(() => Hash(content));
    };

    private static long? Hash(NativeContent content)
    {
        _ = ContentDigest.Of(content);
        return null;
    }

    private void Write(StageTable stages)
    {
        Report report = new();
        report.Title("Packing a directory");
        report.Line($"`{Path.GetFileName(_directory)}`: {_members} members, a tar of {Text.Bytes(_tar.LengthBytes)} bytes. Medians of {_options.Rounds} rounds of one run; MB are 10^6 bytes of the tar.");
        if (!Programs.KnowsResources)
        {
            report.Line("Skipped: processor time and memory of processes, because GNU time is not installed (package `time`).");
        }

        foreach (string missing in Peers.Where(peer => Programs.Find(peer) is null))
        {
            report.Line($"Skipped: everything with {missing}, because it is not installed.");
        }

        double? limit = (_contest[Igzip]?.Seconds + _contest[HashOfTar]?.Seconds + _contest[HashOfOutput]?.Seconds) / Environment.ProcessorCount;
        report.Section("Times and sizes");
        report.Header("what", "seconds", "MB/s", "bytes", "of the tar", "of the limit", "CPU seconds", "peak MB");
        foreach (string name in _contest.Names)
        {
            Measurement measured = _contest[name]!;
            report.Row(
                name, Text.Seconds(measured.Seconds), Text.Rate(_tar.LengthBytes, name is HashOfOutput or StartUp ? null : measured.Seconds),
                Text.Bytes(measured.OutputBytes), Text.Ratio((double?)measured.OutputBytes / _tar.LengthBytes), Text.Ratio(measured.Seconds / limit),
                Text.Seconds(measured.CpuSeconds), Text.Megabytes(measured.PeakBytes));
        }

        report.Row($"**the limit**: ({Igzip} + SHA-256 of both) / {Environment.ProcessorCount} cores", Text.Seconds(limit), Text.Rate(_tar.LengthBytes, limit), Text.Unknown, Text.Unknown, Text.Ratio(limit / limit), Text.Unknown, Text.Unknown);
        WriteVerdicts(report, limit, stages);
        stages.Write(report);
        Machine.Describe(report, Peers);
        report.Publish(_options.Output);
    }

    private void WriteVerdicts(Report report, double? limit, StageTable stages)
    {
        Measurement? gzip = _contest[GZipStream6];
        Measurement? zlib = _contest[ZLib9];
        Measurement? fast = _contest[Encoder(DeflateLevel.Fast)];
        Measurement? standard = _contest[Encoder(DeflateLevel.Default)];
        Measurement? small = _contest[Encoder(DeflateLevel.Small)];
        report.Section("Goals");
        Verdicts.Header(report);
        Verdicts.AtMost(report, "time of devops pack fast, of the limit", _contest[Ours(DeflateLevel.Fast)]?.Seconds / limit, 1.10);
        Verdicts.Tell(report, "time of packing fast in process, of the limit", stages.WholeSeconds / limit);
        Verdicts.AtMost(report, "size of fast, of igzip -1", (double?)fast?.OutputBytes / _contest[Igzip]?.OutputBytes, 1);
        Verdicts.AtLeast(report, "speed of the fast encoder on one thread, of igzip -1 to /dev/null", _contest[IgzipToNothing]?.Seconds / fast?.Seconds, 0.7);
        Verdicts.AtLeast(report, "speed of the default encoder on one thread, of GZipStream 6", gzip?.Seconds / standard?.Seconds, 2.5);
        Verdicts.AtMost(report, "size of default, of GZipStream 6", (double?)standard?.OutputBytes / gzip?.OutputBytes, 1.025);
        Verdicts.AtLeast(report, "speed of the small encoder on one thread, of zlib 9", zlib?.Seconds / small?.Seconds, 2);
        Verdicts.AtMost(report, "size of small, of zlib 9", (double?)small?.OutputBytes / zlib?.OutputBytes, 1);
        stages.WriteVerdict(report);
    }
}

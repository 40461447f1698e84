using System.Globalization;
using DevOps.Benchmarks.Comparison;

namespace DevOps.Benchmarks.Registries;

/// <summary>A directory that becomes an image in a registry on this machine, by this SDK and by others: for the first time, and again when nothing changed.</summary>
internal static class PushComparison
{
    private const string Ours = "this SDK, straight";
    private const string OursFast = "this SDK, straight, level fast";
    private const string OursCached = "this SDK, straight, with a cache";
    private const string OursInSteps = "this SDK, into a layout, then copied";
    private const string OursToOurs = "this SDK, straight into its own registry";
    private const string Pack = "this SDK, packing alone";
    private const string Copy = "this SDK, copying alone";
    private const string Gzip = "tar, gzip -1, skopeo copy";
    private const string Skopeo = "tar, skopeo copy, which compresses on the way";
    private const string Umoci = "umoci insert, skopeo copy";
    private const string Crane = "tar, crane append";
    private const string CraneInKind = "tar, what crane append does, in Go";
    private const string Docker = "docker build, docker push";

    internal static async Task RunAsync(Options options)
    {
        string cli = options.RequireCli();
        string directory = options.RequireDirectory();
        using ScratchDirectory scratch = new();
        await using TheirRegistry theirs = await TheirRegistry.StartAsync(scratch["theirs"]);
        await using OurRegistry ours = await OurRegistry.StartAsync(scratch["ours"]);
        PushPeers peers = new(directory, scratch["work"], theirs.Address.ToString());
        Programs.Run("exec \"$1\" image build \"$2\" --base scratch --target \"oci:$3:1\" >/dev/null", null, cli, directory, scratch["packed"]);
        (long files, long bytes, _) = Trees.Walk(directory);

        Contest cold = new(options.Rounds);
        void Add(string name, Func<Measurement> run, Action? before = null) => cold.Add(name, () =>
        {
            theirs.Empty();
            before?.Invoke();
            return run();
        });
        Add(Ours, () => Build(cli, directory, peers.Target));
        Add(OursFast, () => Build(cli, directory, peers.Target, "--level", "fast"));
        Add(OursCached, () => Build(cli, directory, peers.Target, "--cache", scratch["cold-cache"]), () => Remove(scratch["cold-cache"]));
        Add(OursInSteps, () => Programs.Run("\"$1\" image build \"$2\" --base scratch --target \"oci:$3:1\" >/dev/null && exec \"$1\" copy \"oci:$3:1\" \"$4\" >/dev/null", null, cli, directory, scratch["steps"], peers.Target), () => Remove(scratch["steps"]));
        Add(Pack, () => Programs.Run("exec \"$1\" pack \"$2\" -o \"$3\" >/dev/null", scratch["layer"], cli, directory, scratch["layer"]));
        Add(Copy, () => Programs.Run("exec \"$1\" copy \"oci:$2:1\" \"$3\" >/dev/null", null, cli, scratch["packed"], peers.Target));
        Add(OursToOurs, () => Build(cli, directory, $"{ours.Address}/bench/push:1"), ours.Empty);
        if (Programs.Find("skopeo") is not null)
        {
            Add(Gzip, peers.Gzip, peers.Clean);
            Add(Skopeo, peers.Skopeo, peers.Clean);
            if (Programs.Find("umoci") is not null)
            {
                Add(Umoci, peers.Umoci, peers.Clean);
            }
        }

        string? append = options.Peers is { } sources && Programs.Find("crane") is null && Programs.Find("go") is not null ? PushPeers.BuildAppend(sources, scratch["append"]) : null;
        if (Programs.Find("crane") is not null)
        {
            Add(Crane, peers.Crane, peers.Clean);
        }
        else if (append is not null)
        {
            Add(CraneInKind, () => peers.Append(append), peers.Clean);
        }

        if (PushPeers.HasDocker)
        {
            Add(Docker, () => peers.Docker("--no-cache"), peers.CleanDocker);
        }

        cold.Run();

        // All are there once before, with whatever each keeps.
        theirs.Empty();
        Build(cli, directory, peers.Target, "--cache", scratch["cache"]);
        Contest again = new(options.Rounds);
        again.Add(OursCached, () => Build(cli, directory, peers.Target, "--cache", scratch["cache"]));
        again.Add(Ours, () => Build(cli, directory, peers.Target));
        if (Programs.Find("skopeo") is not null)
        {
            peers.Gzip();
            again.Add(Gzip, peers.Gzip);
        }

        if (Programs.Find("crane") is not null)
        {
            peers.Crane();
            again.Add(Crane, peers.Crane);
        }
        else if (append is not null)
        {
            peers.Append(append);
            again.Add(CraneInKind, () => peers.Append(append));
        }

        if (PushPeers.HasDocker)
        {
            peers.Docker();
            again.Add(Docker, () => peers.Docker());
        }

        again.Run();
        Publish(options, cold, again, $"`{Path.GetFileName(directory)}`: {files} files of {Text.Bytes(bytes)} bytes");
        if (PushPeers.HasDocker)
        {
            peers.CleanDocker();
        }
    }

    private static Measurement Build(string cli, string directory, string target, params string[] more) =>
        Programs.Run("cli=$1; shift; exec \"$cli\" image build --base scratch \"$@\" >/dev/null 2>&1", null, [cli, directory, "--target", target, .. more]);

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Publish(Options options, Contest cold, Contest again, string input)
    {
        double ours = cold[Ours]!.Seconds;
        Report report = new();
        report.Title("A directory into a registry");
        report.Line($"{input}, into docker-registry on loopback. Whole processes, from the directory to the tag in the registry; medians of {options.Rounds} rounds, in turn. The CPU seconds of docker are those of its client: its daemon does the work.");
        report.Section("For the first time");
        report.Line("The registry is emptied before each, and nothing of an earlier run is kept.");
        report.Line();
        Table(report, cold, ours);
        report.Section("Again, when nothing changed");
        report.Line("The registry holds the image, and each has what it keeps: this SDK its cache, docker its own.");
        report.Line();
        Table(report, again, again[OursCached]!.Seconds);
        report.Section("Goals");
        Verdicts.Header(report);
        double fast = cold[OursFast]!.Seconds;
        string crane = cold[Crane] is null ? CraneInKind : Crane;
        Verdicts.AtMost(report, $"time for the first time at level fast, of {crane}", fast / cold[crane]?.Seconds, 1.0 / 5);
        Verdicts.AtMost(report, "the same, of docker build and push", fast / cold[Docker]?.Seconds, 1.0 / 15);
        Verdicts.Tell(report, $"the same, of {Gzip}", fast / cold[Gzip]?.Seconds);
        Verdicts.Tell(report, $"time for the first time at the default level, of {crane}", ours / cold[crane]?.Seconds);
        Verdicts.Tell(report, "the same, of docker build and push", ours / cold[Docker]?.Seconds);
        Verdicts.Tell(report, $"the same, of {OursInSteps}", ours / cold[OursInSteps]!.Seconds);
        report.Line();
        report.Line("Goals are of level fast, as crane has the fastest level of Go's gzip, without a choice.");
        if (cold[Crane] is null)
        {
            report.Line("crane was not at hand: the distribution has no package of it. The program in benchmarks/peers/append does what `crane append` does with a tar (go-containerregistry, pkg/v1/tarball/layer.go and pkg/v1/remote/write.go),");
            report.Line("with the same gzip: it compresses it to know the digest, reads it for the diffID, and compresses it again while it sends it. A newer Go than the distribution's would use SHA extensions, which takes about a second from it.");
        }

        Machine.Describe(report, "docker-registry", "skopeo", "umoci", "gzip", "crane", "docker", "go");
        report.Publish(options.Output);
    }

    private static void Table(Report report, Contest contest, double ours)
    {
        report.Header("what", "seconds", "of this SDK's", "CPU s", "peak MB");
        foreach (string name in contest.Names)
        {
            Measurement taken = contest[name]!;
            report.Row(name, Text.Seconds(taken.Seconds), (taken.Seconds / ours).ToString("0.00", CultureInfo.InvariantCulture), Text.Seconds(taken.CpuSeconds), Text.Megabytes(taken.PeakBytes));
        }
    }
}

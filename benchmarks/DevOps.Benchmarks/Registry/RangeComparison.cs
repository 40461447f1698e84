using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using DevOps.Benchmarks.Comparison;
using DevOps.Oci;
using DevOps.Registry;

namespace DevOps.Benchmarks.Registries;

/// <summary>One large blob read as one stream and in several ranges at once, verified, from servers whose connections are slow and from one whose are not.</summary>
internal static class RangeComparison
{
    private const double Unlimited = double.PositiveInfinity;

    private static readonly int[] Ranges = [1, 2, 4, 8];

    private static readonly int[] Mebibytes = [1, 2, 4, 8, 16];

    private static readonly Line[] Lines =
    [
        new("25 MB/s a connection, answers after 20 ms", 64 << 20, 25e6, TimeSpan.FromMilliseconds(20)),
        new("100 MB/s a connection, answers after 20 ms", 256 << 20, 100e6, TimeSpan.FromMilliseconds(20)),
        new("100 MB/s a connection, answers at once", 256 << 20, 100e6, TimeSpan.Zero),
        new("loopback without a limit", 256 << 20, Unlimited, TimeSpan.Zero),
    ];

    internal static async Task RunAsync(Options options)
    {
        byte[] bytes = new byte[256 << 20];
        RandomNumberGenerator.Fill(bytes);
        List<ThrottledServer> servers = [];
        Contest contest = new(options.Rounds);
        foreach (Line line in Lines)
        {
            byte[] blob = line.BlobBytes == bytes.Length ? bytes : bytes[..line.BlobBytes];
            Descriptor descriptor = Descriptor.ForContent(MediaTypes.LayerGzip, blob);
            ThrottledServer server = new(blob, line.BytesPerSecond, line.Latency);
            servers.Add(server);
            foreach (int ranges in Ranges)
            {
                Add(contest, NameOf(line, ranges, 4), server, descriptor, ranges, 4);
            }

            foreach (int mebibytes in Mebibytes.Where(mebibytes => mebibytes != 4))
            {
                Add(contest, NameOf(line, 4, mebibytes), server, descriptor, 4, mebibytes);
            }
        }

        contest.Run();
        foreach (ThrottledServer server in servers)
        {
            await server.DisposeAsync();
        }

        Publish(options, contest);
    }

    private static void Publish(Options options, Contest contest)
    {
        Report report = new();
        report.Title("Ranges of one blob");
        report.Line($"A blob read and verified by one client, as one stream and in several ranges at once. The server is in the same process and on loopback, and each of its connections is held to a speed; CPU is of both. Medians of {options.Rounds} rounds, in turn.");
        foreach (Line line in Lines)
        {
            report.Section($"{line.Name}: {line.BlobBytes >> 20} MiB");
            report.Header("ranges at once, of MiB each", "seconds", "MB/s", "of one stream", "CPU s");
            Measurement one = contest[NameOf(line, 1, 4)]!;
            foreach ((int ranges, int mebibytes) in Ranges.Select(ranges => (ranges, 4)).Concat(Mebibytes.Where(mebibytes => mebibytes != 4).Select(mebibytes => (4, mebibytes))))
            {
                Measurement taken = contest[NameOf(line, ranges, mebibytes)]!;
                report.Row(
                    ranges == 1 ? "one stream" : $"{ranges} of {mebibytes}", Text.Seconds(taken.Seconds), Text.Rate(line.BlobBytes, taken.Seconds),
                    (taken.Seconds / one.Seconds).ToString("0.00", CultureInfo.InvariantCulture), taken.CpuSeconds!.Value.ToString("0.00", CultureInfo.InvariantCulture));
            }
        }

        report.Section("Goals");
        report.Line($"- 4 ranges of 4 MiB at 100 MB/s a connection take at most half the time of one stream: {Text.Ratio(contest[NameOf(Lines[1], 4, 4)]!.Seconds / contest[NameOf(Lines[1], 1, 4)]!.Seconds)}");
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static void Add(Contest contest, string name, ThrottledServer server, Descriptor descriptor, int ranges, int mebibytes) => contest.Add(name, () =>
    {
        using RegistryClient client = new(new() { BlobRanges = new() { MaxRanges = ranges, RangeBytes = mebibytes << 20, MinBlobBytes = 0 } });
        RemoteRepository repository = client.GetRepository(server.Address, RepositoryName.Parse("bench"));
        double cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        Stopwatch clock = Stopwatch.StartNew();
        ReadAsync(repository, descriptor).GetAwaiter().GetResult();
        return new(clock.Elapsed.TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds - cpu, null, null);
    });

    private static async Task ReadAsync(RemoteRepository repository, Descriptor descriptor)
    {
        await using Stream content = await repository.OpenReadAsync(descriptor);
        await content.CopyToAsync(Stream.Null, 1 << 17);
    }

    private static string NameOf(Line line, int ranges, int mebibytes) => $"{line.Name}, {ranges} of {mebibytes} MiB";

    private sealed record Line(string Name, int BlobBytes, double BytesPerSecond, TimeSpan Latency);
}

using System.Globalization;
using DevOps.Benchmarks.Comparison;

namespace DevOps.Benchmarks.Registries;

/// <summary>The memory of servers and clients at one large blob and at 64 blobs at once, above what they have when they did next to nothing.</summary>
internal static class MemoryComparison
{
    private const double Goal = 100;

    private const int Clients = 64;

    private const long ClientBytes = 64 << 20;

    internal static async Task RunAsync(Options options)
    {
        string cli = options.RequireCli();
        List<Taken> all = [];
        await MeasureAsync("this SDK", StartOursAsync);
        await MeasureAsync("docker-registry", async directory => (await TheirRegistry.StartAsync(directory)).Process);
        Publish(options, all);

        Task<ServerProcess> StartOursAsync(string directory)
        {
            int port = ServerProcess.FreePort();
            return ServerProcess.StartAsync(port, cli, "serve", "--listen", $"127.0.0.1:{port}", "--data", directory);
        }

        async Task MeasureAsync(string registry, Func<string, Task<ServerProcess>> start)
        {
            await MoveLargeAsync(registry, start, cli, options.BlobBytes, all);
            await MoveManyAsync(registry, start, all);
        }
    }

    private static async Task MoveLargeAsync(string registry, Func<string, Task<ServerProcess>> start, string cli, long blobBytes, List<Taken> all)
    {
        using ScratchDirectory scratch = new();
        await using ServerProcess source = await start(scratch["source"]);
        await using ServerProcess target = await start(scratch["target"]);
        await MoveAsync(registry, $"a blob of {blobBytes >> 20} MiB pushed and pulled", source, 1, blobBytes, all);

        string what = $"the same copied to another {registry}";
        long idleClient = Copy(MemoryClient.Small);
        long idleServer = target.PeakBytes;
        Note(all, new(registry, "client (`devops copy`)", what, idleClient, Copy(MemoryClient.Large)));
        Note(all, new(registry, "server", what, idleServer, target.PeakBytes));

        long Copy(string tag) => Programs.Run(
            "exec \"$1\" copy \"$2/$4:$5\" \"$3/$4:$5\" >/dev/null", null, cli, source.Address.Authority, target.Address.Authority, MemoryClient.Repository, tag).PeakBytes
            ?? throw new InvalidOperationException("GNU time is not installed.");
    }

    private static async Task MoveManyAsync(string registry, Func<string, Task<ServerProcess>> start, List<Taken> all)
    {
        using ScratchDirectory scratch = new();
        await using ServerProcess server = await start(scratch["data"]);
        await MoveAsync(registry, $"{Clients} at once push and pull {ClientBytes >> 20} MiB each", server, Clients, ClientBytes, all);
    }

    private static async Task MoveAsync(string registry, string what, ServerProcess server, int blobs, long blobBytes, List<Taken> all)
    {
        using ClientProcess client = await ClientProcess.StartAsync(server.Address, blobs, blobBytes);
        long idle = server.PeakBytes;
        long peak = await client.WorkAsync();
        Note(all, new(registry, "client", what, client.IdleBytes, peak));
        Note(all, new(registry, "server", what, idle, server.PeakBytes));
    }

    private static void Note(List<Taken> all, Taken taken)
    {
        all.Add(taken);
        Console.Error.WriteLine($"{taken.Registry}, {taken.Process}: {taken.What}: {Number(taken.AboveIdle)} MB above {Number(taken.IdleBytes / 1e6)}");
    }

    private static void Publish(Options options, List<Taken> all)
    {
        Report report = new();
        report.Title("Memory of server and client");
        report.Line($"The most memory (VmHWM) that a process had, in MB: when it had started and had moved an image of one KiB, and at the end. Clients are those of this SDK in a process of their own, with a garbage collector as it is by default; blobs are made while they are sent and thrown away while they are verified, and the {Clients} are sent by one process over {Clients} connections. Servers are on loopback and the same disk, each in a process of its own that is new for each line but for the copy, whose target is new. One run of each.");
        foreach (string registry in all.Select(taken => taken.Registry).Distinct())
        {
            report.Section($"With {registry} as the server");
            report.Header("what", "process", "idle", "peak", "above idle");
            foreach (Taken taken in all.Where(taken => taken.Registry == registry))
            {
                report.Row(taken.What, taken.Process, Number(taken.IdleBytes / 1e6), Number(taken.PeakBytes / 1e6), Number(taken.AboveIdle));
            }
        }

        // The other's server is beside it for comparison, and has no goal here; the clients are this SDK's in both.
        Taken[] ours = [.. all.Where(taken => taken.Registry == "this SDK" || taken.Process != "server")];
        report.Section("Goals");
        report.Line($"- server at most {Goal} MB above idle: {Verdict(ours.Where(taken => taken.Process == "server"))}");
        report.Line($"- client at most {Goal} MB above idle: {Verdict(ours.Where(taken => taken.Process != "server"))}");
        report.Line($"- docker-registry: {Programs.Version("docker-registry")}");
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static string Verdict(IEnumerable<Taken> taken)
    {
        double most = taken.Max(one => one.AboveIdle);
        return $"{Number(most)}{(most <= Goal ? "" : ", **missed**")}";
    }

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    private sealed record Taken(string Registry, string Process, string What, long IdleBytes, long PeakBytes)
    {
        internal double AboveIdle => (PeakBytes - IdleBytes) / 1e6;
    }
}

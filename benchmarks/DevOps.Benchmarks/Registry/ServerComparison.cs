using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using DevOps.Benchmarks.Comparison;
using DevOps.Oci;

namespace DevOps.Benchmarks.Registries;

/// <summary>The registry of this SDK beside the distribution project's, each in a process of its own on the same disk: what a push costs, how fast blobs and small manifests are given out.</summary>
internal static class ServerComparison
{
    private const int BlobBytes = 128 << 20;

    private const int Blobs = 8;

    private const int ManifestReads = 20_000;

    private const int Readers = 8;

    internal static async Task RunAsync(Options options)
    {
        string cli = options.RequireCli();
        using ScratchDirectory scratch = new();
        await using TheirRegistry theirs = await TheirRegistry.StartAsync(scratch["theirs"]);
        int port = ServerProcess.FreePort();
        await using ServerProcess ours = await ServerProcess.StartAsync(port, cli, "serve", "--listen", $"127.0.0.1:{port}", "--data", scratch["ours"]);
        using HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
        byte[] bytes = new byte[BlobBytes];
        (string Name, ServerProcess Server)[] servers = [("docker-registry", theirs.Process), ("this SDK", ours)];
        Dictionary<string, List<Figures>> taken = servers.ToDictionary(server => server.Name, _ => new List<Figures>());
        List<double> hashes = [];
        for (int round = -1; round < options.Rounds; round++)
        {
            double hashing = 0;
            Dictionary<string, Figures> figures = servers.ToDictionary(server => server.Name, _ => new Figures(0, 0, 0, 0));
            for (int i = 0; i < Blobs; i++)
            {
                RandomNumberGenerator.Fill(bytes);
                double before = Environment.CpuUsage.TotalTime.TotalSeconds;
                string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
                hashing += Environment.CpuUsage.TotalTime.TotalSeconds - before;
                foreach ((string name, ServerProcess server) in i % 2 == 0 ? servers : [.. servers.Reverse()])
                {
                    double cpu = server.CpuSeconds;
                    Stopwatch clock = Stopwatch.StartNew();
                    await PushAsync(http, server.Address, digest, bytes);
                    Figures all = figures[name];
                    figures[name] = all with { PushCpu = all.PushCpu + server.CpuSeconds - cpu, PushSeconds = all.PushSeconds + clock.Elapsed.TotalSeconds };
                }

                foreach ((string name, ServerProcess server) in i % 2 == 0 ? servers : [.. servers.Reverse()])
                {
                    figures[name] = figures[name] with { PullSeconds = figures[name].PullSeconds + await PullAsync(http, server.Address, digest) };
                }

                // Memory that a file's pages have had is given to the next at once. Where a machine is itself a guest, touching memory anew costs more than all else that is measured here, and the same for both.
                theirs.Empty();
                RemoveBlobs(scratch["ours"]);
            }

            foreach ((string name, ServerProcess server) in round % 2 == 0 ? servers : [.. servers.Reverse()])
            {
                double manifests = await ReadManifestsAsync(http, server.Address);
                if (round >= 0)
                {
                    taken[name].Add(figures[name] with { ManifestsPerSecond = manifests });
                }
            }

            if (round >= 0)
            {
                hashes.Add(hashing);
            }
        }

        Publish(options, taken, Measurement.Median(hashes), servers);
    }

    private static void Publish(Options options, Dictionary<string, List<Figures>> taken, double hash, (string Name, ServerProcess Server)[] servers)
    {
        const double Gigabytes = (double)BlobBytes * Blobs / 1e9;
        Figures theirs = Median(taken["docker-registry"]);
        Figures ours = Median(taken["this SDK"]);
        Report report = new();
        report.Title("The registry's server");
        report.Line($"{Blobs} blobs of {BlobBytes >> 20} MiB pushed, each in a POST and a PUT, read by a client that hashes nothing, and removed before the next; a manifest of some hundred bytes read {ManifestReads:N0} times over {Readers} connections. Servers on loopback and on the same disk, each in a process of its own; medians of {options.Rounds} rounds, in turn, after one that does not count.");
        report.Section("Figures");
        report.Header("what", "docker-registry", "this SDK", "ratio");
        Row("CPU s per GB pushed", theirs.PushCpu / Gigabytes, ours.PushCpu / Gigabytes, "0.00");
        Row("of that without SHA-256, as this process takes it", (theirs.PushCpu - hash) / Gigabytes, (ours.PushCpu - hash) / Gigabytes, "0.00");
        Row("MB pushed a second", Gigabytes * 1000 / theirs.PushSeconds, Gigabytes * 1000 / ours.PushSeconds, "0");
        Row("MB pulled a second", Gigabytes * 1000 / theirs.PullSeconds, Gigabytes * 1000 / ours.PullSeconds, "0");
        Row("manifests read a second", theirs.ManifestsPerSecond, ours.ManifestsPerSecond, "0");
        Row("peak memory at the end, MB", servers[0].Server.PeakBytes / 1e6, servers[1].Server.PeakBytes / 1e6, "0");
        report.Section("Goals");
        report.Line($"- CPU of a push, SHA-256 aside, at most half: {Number((ours.PushCpu - hash) / (theirs.PushCpu - hash), "0.00")}");
        report.Line($"- pull throughput at least 1.5 times: {Number(theirs.PullSeconds / ours.PullSeconds, "0.00")}");
        report.Line($"- small manifests a second at least 3 times: {Number(ours.ManifestsPerSecond / theirs.ManifestsPerSecond, "0.00")}");
        report.Line($"- docker-registry: {Programs.Version("docker-registry")}");
        Machine.Describe(report);
        report.Publish(options.Output);

        void Row(string what, double their, double our, string format) => report.Row(what, Number(their, format), Number(our, format), Number(our / their, "0.00"));
    }

    private static Figures Median(List<Figures> rounds) => new(
        Measurement.Median(rounds.Select(round => round.PushCpu)),
        Measurement.Median(rounds.Select(round => round.PushSeconds)),
        Measurement.Median(rounds.Select(round => round.PullSeconds)),
        Measurement.Median(rounds.Select(round => round.ManifestsPerSecond)));

    private static async Task PushAsync(HttpClient http, Uri server, string digest, byte[] bytes)
    {
        using HttpResponseMessage session = await http.PostAsync(new Uri(server, "v2/bench/blobs/uploads/"), null);
        Uri location = new(session.RequestMessage!.RequestUri!, session.EnsureSuccessStatusCode().Headers.Location!);
        using ByteArrayContent content = new(bytes) { Headers = { ContentType = new(MediaTypes.OctetStream) } };
        string separator = location.Query.Length > 0 ? "&" : "?";
        using HttpResponseMessage done = await http.PutAsync(new Uri($"{location}{separator}digest={Uri.EscapeDataString(digest)}"), content);
        done.EnsureSuccessStatusCode();
    }

    private static void RemoveBlobs(string data)
    {
        foreach (string file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length == BlobBytes))
        {
            File.Delete(file);
        }
    }

    private static async Task<double> PullAsync(HttpClient http, Uri server, string digest)
    {
        byte[] buffer = new byte[1 << 18];
        Stopwatch clock = Stopwatch.StartNew();
        using HttpResponseMessage answer = await http.GetAsync(new Uri(server, $"v2/bench/blobs/{digest}"), HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            total += read;
        }

        return total == BlobBytes ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{total} bytes came.");
    }

    private static async Task<double> ReadManifestsAsync(HttpClient http, Uri server)
    {
        byte[] config = "{}"u8.ToArray();
        Descriptor configuration = Descriptor.ForContent("application/vnd.oci.empty.v1+json", config);
        await PushAsync(http, server, configuration.Digest.ToString(), config);
        ImageManifest manifest = ImageManifest.Create(configuration, []);
        Uri address = new(server, "v2/bench/manifests/latest");
        using ByteArrayContent content = new(manifest.RawBytes.ToArray()) { Headers = { ContentType = MediaTypeHeaderValue.Parse(manifest.MediaType) } };
        using HttpResponseMessage put = await http.PutAsync(address, content);
        put.EnsureSuccessStatusCode();
        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(async _ =>
        {
            for (int i = 0; i < ManifestReads / Readers; i++)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, address) { Headers = { Accept = { new(manifest.MediaType) } } };
                using HttpResponseMessage answer = await http.SendAsync(request);
                if ((await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length != manifest.RawBytes.Length)
                {
                    throw new InvalidOperationException("Another manifest came.");
                }
            }
        }));
        return ManifestReads / clock.Elapsed.TotalSeconds;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Figures(double PushCpu, double PushSeconds, double PullSeconds, double ManifestsPerSecond);
}

using System.Globalization;
using System.Text;
using DevOps.Benchmarks.Comparison;
using DevOps.Oci;
using DevOps.Registry;

namespace DevOps.Benchmarks.Registries;

/// <summary>A mirror of many tags in which nothing changed, by this SDK and by skopeo sync, between two registries on this machine.</summary>
internal static class MirrorComparison
{
    private const int Tags = 500;

    private const string Ours = "this SDK";
    private const string OursWithJournal = "this SDK, with a journal that begins";
    private const string Sync = "skopeo sync --src docker";
    private const string SyncYaml = "skopeo sync --src yaml";

    internal static async Task RunAsync(Options options)
    {
        string cli = options.RequireCli();
        using ScratchDirectory scratch = new();
        await using TheirRegistry source = await TheirRegistry.StartAsync(scratch["source"]);
        await using TheirRegistry target = await TheirRegistry.StartAsync(scratch["target"]);
        await PushAsync(source.Address);
        string ours = scratch["mirror.yaml"];
        await File.WriteAllTextAsync(ours, $"mirrors:\n  - from: {source.Address}/bench/image\n    to: {target.Address}/ours/image\n");
        string theirs = scratch["sync.yaml"];
        await File.WriteAllTextAsync(theirs, $"{source.Address}:\n  tls-verify: false\n  images:\n    bench/image: []\n");

        Measurement Mirror() => Programs.Run("exec \"$1\" mirror \"$2\" >/dev/null 2>&1", null, cli, ours);
        Measurement SyncTags() => Programs.Run("exec skopeo sync --all --src docker --dest docker --src-tls-verify=false --dest-tls-verify=false \"$1/bench/image\" \"$2/docker\" >/dev/null 2>&1", null, source.Address.ToString(), target.Address.ToString());
        Measurement SyncFile() => Programs.Run("exec skopeo sync --all --src yaml --dest docker --dest-tls-verify=false \"$1\" \"$2/yaml\" >/dev/null 2>&1", null, theirs, target.Address.ToString());

        // The first time copies, and does not count.
        Contest first = new(1);
        first.Add(Ours, Mirror);
        first.Add(Sync, SyncTags);
        first.Add(SyncYaml, SyncFile);
        first.Run();
        Contest contest = new(options.Rounds);
        contest.Add(Ours, Mirror);
        contest.Add(OursWithJournal, () =>
        {
            File.Delete(scratch["journal"]);
            return Programs.Run("exec \"$1\" mirror \"$2\" --journal \"$3\" >/dev/null 2>&1", null, cli, ours, scratch["journal"]);
        });
        contest.Add(Sync, SyncTags);
        contest.Add(SyncYaml, SyncFile);
        contest.Run();

        Report report = new();
        report.Title("A mirror in which nothing changed");
        report.Line($"{Tags} tags of one repository, each an image of two small layers, between two of docker-registry on loopback. Whole processes; medians of {options.Rounds} rounds, in turn, after one that copied everything.");
        report.Line();
        report.Header("what", "seconds", "of skopeo", "CPU s", "peak MB", "seconds of the first run, once");
        foreach (string name in contest.Names)
        {
            Measurement taken = contest[name]!;
            report.Row(name, Text.Seconds(taken.Seconds), (taken.Seconds / contest[Sync]!.Seconds).ToString("0.00", CultureInfo.InvariantCulture), Text.Seconds(taken.CpuSeconds), Text.Megabytes(taken.PeakBytes), Text.Seconds(first[name]?.Seconds));
        }

        report.Section("Goals");
        Verdicts.Header(report);
        Verdicts.AtLeast(report, "speed of a run without changes, of skopeo sync", contest[Sync]!.Seconds / contest[Ours]!.Seconds, 5);
        Verdicts.AtLeast(report, "the same, of skopeo sync with a file", contest[SyncYaml]!.Seconds / contest[Ours]!.Seconds, 5);
        Machine.Describe(report, "skopeo", "docker-registry");
        report.Publish(options.Output);
    }

    private static async Task PushAsync(RegistryAddress registry)
    {
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository(registry, RepositoryName.Parse("bench/image"));
        Descriptor shared = await WriteAsync(repository, MediaTypes.LayerGzip, "the layer that all have"u8.ToArray());
        for (int i = 0; i < Tags; i++)
        {
            Descriptor own = await WriteAsync(repository, MediaTypes.LayerGzip, Encoding.ASCII.GetBytes($"the layer of number {i}"));
            string config = $$$"""{"architecture":"amd64","os":"linux","config":{"Labels":{"number":"{{{i}}}"}},"rootfs":{"type":"layers","diff_ids":["{{{shared.Digest}}}","{{{own.Digest}}}"]}}""";
            ImageManifest manifest = ImageManifest.Create(await WriteAsync(repository, MediaTypes.ImageConfig, Encoding.ASCII.GetBytes(config)), [shared, own]);
            await repository.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()));
            await repository.TagAsync(manifest.Descriptor, $"1.0.{i}");
        }
    }

    private static async Task<Descriptor> WriteAsync(RemoteRepository repository, string mediaType, byte[] bytes)
    {
        Descriptor descriptor = Descriptor.ForContent(mediaType, bytes);
        await repository.WriteAsync(descriptor, new MemoryStream(bytes));
        return descriptor;
    }
}

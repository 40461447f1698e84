using System.Globalization;
using System.Security.Cryptography;
using DevOps.Benchmarks.Comparison;
using DevOps.Oci;
using DevOps.Registry;

namespace DevOps.Benchmarks.Registries;

/// <summary>An image of 1 GB copied between two registries on this machine, by this SDK and by skopeo, every byte verified.</summary>
internal static class CopyComparison
{
    private const int Layers = 8;

    private const int LayerBytes = 128 << 20;

    internal static async Task RunAsync(Options options)
    {
        string cli = options.RequireCli();
        using ScratchDirectory scratch = new();
        await using TheirRegistry theirSource = await TheirRegistry.StartAsync(scratch["their-source"]);
        await using TheirRegistry theirTarget = await TheirRegistry.StartAsync(scratch["their-target"]);
        await using OurRegistry ourSource = await OurRegistry.StartAsync(scratch["our-source"]);
        await using OurRegistry ourTarget = await OurRegistry.StartAsync(scratch["our-target"]);
        await PushAsync(theirSource.Address);
        await PushAsync(ourSource.Address);

        Contest contest = new(options.Rounds);
        Add(contest, "docker-registry", cli, theirSource.Address, theirTarget.Address, theirTarget.Empty);
        Add(contest, "this SDK's registry", cli, ourSource.Address, ourTarget.Address, ourTarget.Empty);
        contest.Run();

        Report report = new();
        report.Title("Copying between registries");
        report.Line($"An image of {Layers} layers of {LayerBytes >> 20} MiB that nothing compresses, from one registry on loopback to another that is emptied before. Whole processes of the command lines; medians of {options.Rounds} rounds, in turn. Both verify every byte.");
        foreach (string registry in (string[])["docker-registry", "this SDK's registry"])
        {
            report.Section($"Between two of {registry}");
            report.Header("program", "seconds", "of skopeo", "CPU s", "peak MB");
            Measurement skopeo = contest[$"skopeo, {registry}"]!;
            foreach (string program in (string[])["skopeo", "this SDK"])
            {
                Measurement taken = contest[$"{program}, {registry}"]!;
                report.Row(program, Text.Seconds(taken.Seconds), Number(taken.Seconds / skopeo.Seconds, "0.00"), Number(taken.CpuSeconds, "0.0"), Number(taken.PeakBytes / 1e6, "0"));
            }
        }

        report.Section("Goals");
        report.Line($"- at most 0.9 of skopeo's time between two docker-registry: {Number(contest["this SDK, docker-registry"]!.Seconds / contest["skopeo, docker-registry"]!.Seconds, "0.00")}");
        report.Line($"- at most 0.8 between two of this SDK's: {Number(contest["this SDK, this SDK's registry"]!.Seconds / contest["skopeo, this SDK's registry"]!.Seconds, "0.00")}");
        report.Line($"- skopeo: {Programs.Version("skopeo")}; docker-registry: {Programs.Version("docker-registry")}");
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static void Add(Contest contest, string registry, string cli, RegistryAddress source, RegistryAddress target, Action empty)
    {
        contest.Add($"skopeo, {registry}", () =>
        {
            empty();
            return Programs.Run("exec skopeo copy --quiet --src-tls-verify=false --dest-tls-verify=false \"docker://$1/bench/image:1\" \"docker://$2/bench/image:1\"", null, source.ToString(), target.ToString());
        });
        contest.Add($"this SDK, {registry}", () =>
        {
            empty();
            return Programs.Run("exec \"$1\" copy \"$2/bench/image:1\" \"$3/bench/image:1\" >/dev/null", null, cli, source.ToString(), target.ToString());
        });
    }

    private static async Task PushAsync(RegistryAddress registry)
    {
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository(registry, RepositoryName.Parse("bench/image"));
        List<Descriptor> layers = [];
        byte[] bytes = new byte[LayerBytes];
        for (int i = 0; i < Layers; i++)
        {
            RandomNumberGenerator.Fill(bytes);
            Descriptor layer = Descriptor.ForContent(MediaTypes.LayerGzip, bytes);
            await repository.WriteAsync(layer, new MemoryStream(bytes));
            layers.Add(layer);
        }

        byte[] config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"u8.ToArray();
        Descriptor configuration = Descriptor.ForContent(MediaTypes.ImageConfig, config);
        await repository.WriteAsync(configuration, new MemoryStream(config));
        ImageManifest manifest = ImageManifest.Create(configuration, [.. layers]);
        await repository.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()));
        await repository.TagAsync(manifest.Descriptor, "1");
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "?";
}

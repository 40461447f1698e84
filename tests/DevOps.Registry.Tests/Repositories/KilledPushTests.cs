using System.Diagnostics;
using System.Globalization;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>A process that is ended at any moment while it pushes: the next goes on behind what the registry has, and the image is whole.</summary>
public sealed class KilledPushTests
{
    private const int LayerBytes = 8 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAsync_ProcessKilled_TheNextSendsOnlyWhatIsMissing()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        using OciLayout layout = new(temporary.PathOf("layout"));
        Random random = new(Soak.Seed(1));
        int kills = 0;
        for (int image = 0; kills < Soak.Times(25); image++)
        {
            Descriptor root = await WriteImageAsync(layout, random);
            host.Faults.Clear();
            InjectedFault sent = host.Faults.Add(Fault.Watch().On(HttpMethod.Patch));
            while (await IsKilledAsync(temporary, $"{host.Address}/team/api", root, random.Next(1, 6)))
            {
                kills++;
            }

            await AssertWholeAsync($"{host.Address}/team/api", root);
            AssertNoneTwice([.. host.Faults.Hits.Where(hit => hit.Fault == sent).Select(hit => hit.Range!.Split('-').Select(end => long.Parse(end, CultureInfo.InvariantCulture)).ToArray())]);
            Assert.Empty(Directory.GetFiles(temporary.PathOf("journal"), "*.json"));
        }
    }

    /// <summary>The same against a registry that is not ours: what it acknowledged is its own affair, and the image is whole all the same.</summary>
    [Fact]
    public async Task CopyAsync_ToDockerRegistry_ProcessKilled_TheImageEndsWhole()
    {
        string? peer = Environment.GetEnvironmentVariable("DEVOPS_TEST_REGISTRY");
        Assert.SkipUnless(!string.IsNullOrEmpty(peer), "DEVOPS_TEST_REGISTRY names no registry: run the tests with eng/test.sh.");
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        using OciLayout layout = new(temporary.PathOf("layout"));
        Random random = new(Soak.Seed(2));
        int kills = 0;
        for (int image = 0; kills < Soak.Times(25); image++)
        {
            string repository = $"{peer}/killed/{Guid.NewGuid():n}";
            Descriptor root = await WriteImageAsync(layout, random);

            // It forgets an upload that broke off within a chunk, so that an image whose push is killed each time would never end: the last push is left in peace.
            for (int last = kills + random.Next(1, 6); await IsKilledAsync(temporary, repository, root, kills < last ? random.Next(1, 11) : int.MaxValue);)
            {
                kills++;
            }

            await AssertWholeAsync(repository, root);
            Assert.Empty(Directory.GetFiles(temporary.PathOf("journal"), "*.json"));
        }
    }

    private static async Task AssertWholeAsync(string repository, Descriptor root)
    {
        using RegistryClient client = new();
        await client.GetRepository(repository).VerifyAsync(root, cancellationToken: Cancellation);
    }

    // What was acknowledged is what the next chunk begins behind: no chunk begins before the one that came before it, and none leaves bytes out.
    private static void AssertNoneTwice(long[][] chunks)
    {
        Assert.Equal(0, chunks[0][0]);
        Assert.Equal(LayerBytes - 1, chunks[^1][1]);
        for (int i = 1; i < chunks.Length; i++)
        {
            Assert.InRange(chunks[i][0], chunks[i - 1][0], chunks[i - 1][1] + 1);
        }
    }

    private static async Task<bool> IsKilledAsync(TemporaryDirectory temporary, string repository, Descriptor root, int steps)
    {
        ProcessStartInfo info = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [PushingProcess.Variable] = $"{temporary.PathOf("layout")}|{temporary.PathOf("journal")}|{repository}|{root.Digest}" },
        };
        using Process child = Process.Start(info)!;
        string? output = "";
        bool isDone = false;
        while (!isDone && await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            output += line + "\n";
            isDone = line == PushingProcess.Done;
            if (line.StartsWith(PushingProcess.Mark, StringComparison.Ordinal))
            {
                await child.StandardInput.WriteLineAsync();
                await child.StandardInput.FlushAsync(Cancellation);
                if (--steps == 0)
                {
                    // It has its word and goes on: where it is when the end comes is chance.
                    child.Kill();
                    await child.WaitForExitAsync(Cancellation);
                    return true;
                }
            }
        }

        child.StandardInput.Close();
        output += await child.StandardOutput.ReadToEndAsync(Cancellation);
        await child.WaitForExitAsync(Cancellation);
        Assert.True(isDone, output);
        return false;
    }

    private static async Task<Descriptor> WriteImageAsync(OciLayout layout, Random random)
    {
        byte[] bytes = new byte[LayerBytes];
        random.NextBytes(bytes);
        Descriptor layer = Descriptor.ForContent(MediaTypes.LayerGzip, bytes);
        await layout.WriteAsync(layer, new MemoryStream(bytes), Cancellation);
        byte[] text = """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"""u8.ToArray();
        Descriptor config = Descriptor.ForContent(MediaTypes.ImageConfig, text);
        await layout.WriteAsync(config, new MemoryStream(text), Cancellation);
        ImageManifest manifest = ImageManifest.Create(config, layer);
        await layout.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), Cancellation);
        await layout.AddRootAsync(manifest.Descriptor, Cancellation);
        return manifest.Descriptor;
    }
}

using System.Diagnostics;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>A process that is killed at any moment leaves nothing half-written as if it were whole.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Pack_Killed_LeavesNoFileOrAWholeOne()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Noise(temporary, 24 << 20);
        string target = Path.Combine(temporary.Path, "out.tar.gz");
        (await Run.CliAsync("pack", tree, "-o", target)).Succeeded();
        byte[] whole = await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken);
        Random random = new(Soak.Seed(1));
        for (int round = 0; round < Soak.Times(6); round++)
        {
            File.Delete(target);

            await KillAsync(random, "pack", tree, "-o", target);

            if (File.Exists(target))
            {
                Assert.Equal(whole, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task ImageBuildIntoLayout_Killed_EverythingListedIsWholeAndTheNextRunCompletes()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Noise(temporary, 24 << 20);
        string path = Path.Combine(temporary.Path, "layout");
        Random random = new(Soak.Seed(2));
        for (int round = 0; round < Soak.Times(6); round++)
        {
            await KillAsync(random, "image", "build", tree, "--base", "scratch", "--target", $"oci:{path}:{round}");

            await AllIsWholeAsync(path);
        }

        (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--target", $"oci:{path}:last")).Succeeded();
        Assert.True(await AllIsWholeAsync(path) > 0);
    }

    private static async Task<int> AllIsWholeAsync(string path)
    {
        using OciLayout layout = new(path);
        ImageIndex index = await layout.ReadIndexAsync(TestContext.Current.CancellationToken);
        foreach (Descriptor root in index.Manifests)
        {
            await layout.VerifyAsync(root, cancellationToken: TestContext.Current.CancellationToken);
        }

        return index.Manifests.Length;
    }

    private static async Task KillAsync(Random random, params string[] arguments)
    {
        using Process process = Run.Start(Directory.GetCurrentDirectory(), Repository.Cli, arguments);
        await PauseAsync(random, 1500);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    // The moment is left to chance; what must hold, holds at every one.
    private static async Task PauseAsync(Random random, int maxMilliseconds)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(random.Next(20, maxMilliseconds)));
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private static string Noise(TemporaryDirectory temporary, int lengthBytes)
    {
        string tree = temporary.MakeDirectory("tree");
        byte[] noise = new byte[lengthBytes];
        new Random(4).NextBytes(noise);
        File.WriteAllBytes(Path.Combine(tree, "noise"), noise);
        return tree;
    }
}

using System.Diagnostics;
using DevOps.Archives.Directories;
using DevOps.Content;
using DevOps.Docker;
using DevOps.Oci;
using DevOps.Registry;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>Directories that are packed straight into a registry: the image is the one that is built first and pushed then.</summary>
public sealed class DirectPushTests : IDisposable
{
    private const int TreeBytes = 12 << 20;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly string _tree;

    public DirectPushTests()
    {
        byte[] noise = new byte[TreeBytes];
        new Random(7).NextBytes(noise);
        _directory.Write("tree/noise", noise);
        _directory.Write("tree/app/numbers", string.Join('\n', Enumerable.Range(0, 500_000)));
        _directory.Write("tree/app/settings", "{}");
        _tree = _directory.PathOf("tree");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ImageBuilder Builder => ImageBuilder.Scratch.WithLayer(Layer.FromDirectory(_tree, new() { Root = "/srv" }, "tree")).WithEntrypoint("/srv/app");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task PushAsync_DockerRegistry_HoldsTheImageThatIsBuilt()
    {
        using RegistryClient client = new();
        await AssertPushedAsync(client.GetRepository($"{Peer.Registry}/direct/{Guid.NewGuid():n}"));
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(5_000_000L)]
    [InlineData(TreeBytes)]
    public async Task PushAsync_EmbeddedRegistry_HoldsTheImageThatIsBuilt(long dropsAfter)
    {
        await using RegistryHost host = await StartAsync();
        if (dropsAfter >= 0)
        {
            host.Faults.Add(Fault.DropRequest(dropsAfter).On(HttpMethod.Patch).Once());
        }

        using RegistryClient client = new(new() { MaxRetryDelay = TimeSpan.FromMilliseconds(50) });
        await AssertPushedAsync(client.GetRepository($"{host.Address}/team/direct"));
    }

    [Fact]
    public async Task PushAsync_FileGrowsWhileItIsSent_PushesNoImage()
    {
        await using RegistryHost host = await StartAsync();
        InjectedFault patches = host.Faults.Add(Fault.Watch().On(HttpMethod.Patch));
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/direct");
        bool grew = false;
        Layer layer = Layer.FromEntries("growing", DirectoryReader.Read(_tree).Select(item =>
        {
            grew = true;
            return item;
        }));
        await File.AppendAllTextAsync(_directory.PathOf("tree/app/settings"), "more than the entry states", Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(() => ImageBuilder.Scratch.WithLayer(layer).PushAsync(repository, "1", cancellationToken: Cancellation));

        Assert.True(grew);
        Assert.Single(host.Faults.Hits, hit => hit.Fault == patches);
        Assert.Null(await repository.ResolveAsync("1", Cancellation));
        AssertBlobsAreWhole(0);
    }

    [Fact]
    public async Task ImageBuild_IntoARegistry_SaysTheDigestOfTheSameImageInALayout()
    {
        await using RegistryHost host = await StartAsync();
        InjectedFault uploads = host.Faults.Add(Fault.Watch().On(RegistryRequestKind.Upload));
        string[] build = ["image", "build", _tree, "--base", "scratch", "--cache", _directory.PathOf("cache")];
        Finished layout = (await Run.CliAsync(["image", "build", _tree, "--base", "scratch", "--target", $"oci:{_directory.PathOf("layout")}:1"])).Succeeded();
        Finished first = (await Run.CliAsync([.. build, "--target", $"{host.Address}/team/direct:1"])).Succeeded();
        Assert.Contains(host.Faults.Hits, hit => hit.Fault == uploads && hit.Method == "PATCH");
        int before = host.Faults.Hits.Count;
        Finished again = (await Run.CliAsync([.. build, "--target", $"{host.Address}/team/direct:2"])).Succeeded();

        Assert.Equal([layout.Last, layout.Last], [first.Last, again.Last]);
        Assert.Equal(before, host.Faults.Hits.Count);
        Assert.Equal(2, (await Run.CliAsync([.. build, "--target", $"{host.Address}/team/direct@{Digest.Compute([])}"])).ExitCode);
        AssertBlobsAreWhole(3);
    }

    [Fact]
    public async Task ImageBuild_KilledOnItsWayIntoARegistry_LeavesNothingAsIfWhole()
    {
        await using RegistryHost host = await StartAsync();
        Random random = new(Soak.Seed(5));
        string[] build = ["image", "build", _tree, "--base", "scratch", "--target", $"{host.Address}/team/direct:1"];
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/direct");
        for (int round = 0; round < Soak.Times(4); round++)
        {
            InjectedFault upload = host.Faults.Add(Fault.Watch().On(HttpMethod.Patch));
            using Process process = Run.Start(Directory.GetCurrentDirectory(), Repository.Cli, build);
            while (!process.HasExited && !host.Faults.Hits.Any(hit => hit.Fault == upload))
            {
                await PauseAsync(random, 5);
            }

            // From here on bytes of the layer are on their way.
            await PauseAsync(random, 100);
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
            host.Faults.Clear();
            AssertBlobsAreWhole();
            if (await repository.ResolveAsync("1", Cancellation) is { } finished)
            {
                await repository.VerifyAsync(finished, cancellationToken: Cancellation);
            }
        }

        (await Run.CliAsync(build)).Succeeded();
        Descriptor root = await repository.ResolveAsync("1", Cancellation) ?? throw new InvalidOperationException("The image is not there.");
        await repository.VerifyAsync(root, cancellationToken: Cancellation);
    }

    private async Task AssertPushedAsync(RemoteRepository repository)
    {
        await using BuiltImage built = await Builder.BuildAsync(cancellationToken: Cancellation);
        StoredImage pushed = await Builder.PushAsync(repository, "1", cancellationToken: Cancellation);

        Assert.Equal((built.Digest, built.ImageId), (pushed.Digest, pushed.ImageId));
        Assert.Equal(built.Layers, pushed.Layers);
        Assert.Equal(3, pushed.Copy.Copied.Length);
        Assert.Equal(built.Descriptor, await repository.ResolveAsync("1", Cancellation));
        await repository.VerifyAsync(built.Descriptor, cancellationToken: Cancellation);
    }

    private Task<RegistryHost> StartAsync() => RegistryHost.StartAsync(new() { Directory = _directory.PathOf("registry") }, cancellationToken: Cancellation);

    // The moment is left to chance; what must hold, holds at every one.
    private static async Task PauseAsync(Random random, int maxMilliseconds)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(random.Next(1, maxMilliseconds)));
        await timer.WaitForNextTickAsync(Cancellation);
    }

    private void AssertBlobsAreWhole(int? count = null)
    {
        string blobs = _directory.PathOf("registry/blobs");
        string[] files = Directory.Exists(blobs) ? [.. Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Length == 64)] : [];
        Assert.Equal(count ?? files.Length, files.Length);
        Assert.All(files, file => Assert.Equal(Path.GetFileName(file), Digest.Compute(File.ReadAllBytes(file)).Hex));
    }
}

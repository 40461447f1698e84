using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>Content that went through other people's programs and came back is the same, to the last byte.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly RegistryClient _client = new();
    private Served _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await Served.StartAsync("--data", _directory.PathOf("data"), "--delete");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task DockerPushAndPull_OurRegistry_GivesTheSameImage()
    {
        string context = _directory.MakeDirectory("context");
        _directory.Write("context/Dockerfile", "FROM scratch\nCOPY one /one\nCOPY two /two\nLABEL org.example.team=blue\nCMD [\"/one\"]\n");
        _directory.Write("context/one", "one");
        _directory.Write("context/two", new byte[3 << 20]);
        string name = $"{_server.Address}/docker/app";
        (await Run.DockerAsync("build", "--quiet", "--tag", $"{name}:1", context)).Succeeded();
        string id = await ImageIdAsync($"{name}:1");
        (await Run.DockerAsync("push", $"{name}:1")).Succeeded();

        RemoteRepository repository = _client.GetRepository(name);
        Descriptor pushed = await ResolveAsync(repository, "1");
        await repository.VerifyAsync(pushed, cancellationToken: Cancellation);
        foreach (string reference in (string[])[$"{name}:1", $"{name}@{pushed.Digest}"])
        {
            (await Run.DockerAsync("image", "rm", "--force", id)).Succeeded();
            Assert.NotEqual(0, (await Run.DockerAsync("image", "inspect", id)).ExitCode);
            Finished pull = (await Run.DockerAsync("pull", reference)).Succeeded();
            Assert.Contains($"Digest: {pushed.Digest}", pull.Output, StringComparison.Ordinal);
            Assert.Equal(id, await ImageIdAsync(reference));
        }

        (await Run.DockerAsync("image", "rm", "--force", id)).Succeeded();
    }

    [Fact]
    public async Task DockerPull_ImageOfOurs_HasItsConfigurationAsId()
    {
        string name = $"{_server.Address}/docker/ours";
        RemoteRepository repository = _client.GetRepository(name);
        Descriptor root = await TravellingContent.WriteAsync(repository, "image");
        await repository.TagAsync(root, "1", Cancellation);
        ImageManifest manifest = (ImageManifest)await repository.ReadManifestAsync(root, Cancellation);

        (await Run.DockerAsync("pull", $"{name}:1")).Succeeded();

        Assert.Equal(manifest.Config.Digest.ToString(), await ImageIdAsync($"{name}:1"));
        (await Run.DockerAsync("push", $"{name}:1")).Succeeded();
        await repository.VerifyAsync(await ResolveAsync(repository, "1"), cancellationToken: Cancellation);
        (await Run.DockerAsync("image", "rm", "--force", $"{name}:1")).Succeeded();
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("v2s2")]
    public async Task SkopeoCopyAll_IndexOfSeveralPlatforms_KeepsItsDigestBothWays(string format)
    {
        RemoteRepository origin = _client.GetRepository($"{_server.Address}/skopeo/origin");
        Descriptor root = await TravellingContent.WriteIndexAsync(origin);
        await origin.TagAsync(root, "all", Cancellation);
        string theirs = _directory.PathOf("theirs");
        await SkopeoAsync($"docker://{_server.Address}/skopeo/origin:all", $"dir:{theirs}", "--format", format);
        await SkopeoAsync($"dir:{theirs}", $"docker://{_server.Address}/skopeo/back:all", "--preserve-digests");

        RemoteRepository back = _client.GetRepository($"{_server.Address}/skopeo/back");
        Descriptor returned = await ResolveAsync(back, "all");
        Digest written = Digest.Compute(await File.ReadAllBytesAsync(Path.Combine(theirs, "manifest.json"), Cancellation));
        Assert.Equal(written, returned.Digest);
        Assert.Equal(format == "oci", returned.Digest == root.Digest);
        Assert.Equal(3, ((ImageIndex)await back.ReadManifestAsync(returned, Cancellation)).Manifests.Length);
        await back.VerifyAsync(returned, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("index")]
    [InlineData("nested")]
    [InlineData("artifact")]
    public async Task Copy_ThroughTheDistributionRegistry_ComesBackWithItsReferrers(string kind)
    {
        string theirs = $"{Peer.Registry}/trips/{kind}-{Guid.NewGuid():N}";
        (Descriptor root, string there) = await WriteAsync(kind);
        string back = $"{_server.Address}/trips/back-{kind}";

        await CopyAsync(there, $"{theirs}:1");
        await CopyAsync($"{theirs}:1", $"{back}:1");

        await TravellingContent.VerifyAsync(_client.GetRepository(theirs), root);
        await VerifyBackAsync(back, root);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("index")]
    [InlineData("nested")]
    [InlineData("artifact")]
    public async Task Copy_ThroughALayout_ComesBackWithItsReferrers(string kind)
    {
        string path = _directory.PathOf("layout");
        (Descriptor root, string there) = await WriteAsync(kind);
        string back = $"{_server.Address}/trips/back-{kind}";

        await CopyAsync(there, $"oci:{path}:1");
        await CopyAsync($"oci:{path}:1", $"{back}:1");

        using OciLayout layout = new(path);
        await TravellingContent.VerifyAsync(layout, root);
        await VerifyBackAsync(back, root);
    }

    [Theory] // skopeo copies images and indexes of images; it knows nothing of referrers.
    [InlineData("image")]
    [InlineData("index")]
    [InlineData("artifact")]
    public async Task Copy_ThroughALayoutAndSkopeo_ComesBack(string kind)
    {
        string path = _directory.PathOf("layout");
        (Descriptor root, string there) = await WriteAsync(kind);
        string back = $"{_server.Address}/trips/back-{kind}";

        await CopyAsync(there, $"oci:{path}:1");
        await SkopeoAsync($"oci:{path}:1", $"docker://{back}:1", "--preserve-digests");

        RemoteRepository repository = _client.GetRepository(back);
        Descriptor returned = await ResolveAsync(repository, "1");
        Assert.Equal(root.Digest, returned.Digest);
        await repository.VerifyAsync(returned, cancellationToken: Cancellation);
    }

    private static async Task<string> ImageIdAsync(string reference) => (await Run.DockerAsync("image", "inspect", "--format", "{{.Id}}", reference)).Succeeded().Last;

    private static async Task CopyAsync(string source, string target) => (await Run.CliAsync("copy", source, target, "--referrers", "-q")).Succeeded();

    private static async Task SkopeoAsync(string source, string target, params string[] options) =>
        (await Run.ProgramAsync(Peer.Skopeo, ["copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false", .. options, source, target])).Succeeded();

    private static async Task<Descriptor> ResolveAsync(RemoteRepository repository, string tag) =>
        await repository.ResolveAsync(tag, Cancellation) ?? throw new InvalidOperationException($"{repository} has no '{tag}'.");

    private async Task<(Descriptor Root, string Reference)> WriteAsync(string kind)
    {
        string name = $"{_server.Address}/trips/{kind}";
        RemoteRepository repository = _client.GetRepository(name);
        Descriptor root = await TravellingContent.WriteAsync(repository, kind);
        await repository.TagAsync(root, "1", Cancellation);
        return (root, $"{name}:1");
    }

    private async Task VerifyBackAsync(string name, Descriptor root)
    {
        RemoteRepository repository = _client.GetRepository(name);
        Assert.Equal(root.Digest, (await ResolveAsync(repository, "1")).Digest);
        await TravellingContent.VerifyAsync(repository, root);
    }
}

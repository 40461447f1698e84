using System.Diagnostics;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Stores;

/// <summary>What skopeo and umoci write, we read, change and clean; what we write, they read. Each test is skipped where its program is missing.</summary>
public sealed class PeerLayoutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly OciLayout _ours;

    public PeerLayoutTests() => _ours = new(_directory.PathOf("ours"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ours.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task OurLayout_SkopeoCopiesAndUmociLists()
    {
        (string skopeo, string umoci) = (Find("skopeo"), Find("umoci"));
        Dictionary<string, ManifestDocument> written = await WriteAllAsync();
        using OciLayout theirs = new(_directory.PathOf("theirs"));
        foreach ((string tag, ManifestDocument document) in written)
        {
            Assert.Equal(document.ToString(), await RunAsync(skopeo, "inspect", "--raw", $"oci:{_ours.Path}:{tag}"));

            // skopeo copies an index of images, and no index of indexes.
            if (tag != "nested")
            {
                await RunAsync(skopeo, "copy", "--quiet", "--all", "--preserve-digests", $"oci:{_ours.Path}:{tag}", $"oci:{theirs.Path}:{tag}");
                Descriptor copied = (await theirs.ResolveAsync(tag, Cancellation))!;
                Assert.Equal(document.Descriptor, copied);
                await theirs.VerifyAsync(copied, cancellationToken: Cancellation);
            }
        }

        Assert.Equal(written.Keys.Order(StringComparer.Ordinal), Lines(await RunAsync(umoci, "list", "--layout", _ours.Path)).Order(StringComparer.Ordinal));
        Assert.Equal([written["signature"].Descriptor], await theirs.ListReferrersAsync(written["image"].Digest, null, Cancellation).ToArrayAsync(Cancellation));
        ImageManifest more = await WriteImageAsync("more");
        await _ours.CopyAsync(more.Descriptor, theirs, "more", cancellationToken: Cancellation);
        Assert.Equal(more.ToString(), await RunAsync(skopeo, "inspect", "--raw", $"oci:{theirs.Path}:more"));
    }

    [Fact]
    public async Task TheirLayout_OurDeletionsAndGarbage_LeaveWhatTheyRead()
    {
        (string skopeo, string umoci) = (Find("skopeo"), Find("umoci"));
        Dictionary<string, ManifestDocument> written = await WriteAllAsync();
        string path = _directory.PathOf("theirs");
        foreach (string tag in (string[])["image", "index", "signature"])
        {
            await RunAsync(skopeo, "copy", "--quiet", "--all", "--preserve-digests", $"oci:{_ours.Path}:{tag}", $"oci:{path}:{tag}");
        }

        using OciLayout theirs = new(path, new VirtualTimeProvider(DateTimeOffset.UtcNow.AddDays(1)));
        Assert.True(await theirs.DeleteTagAsync("index", Cancellation));

        // Of the index, its second image goes: manifest, configuration, layer. The first has a tag of its own.
        LayoutGarbageResult garbage = await theirs.CollectGarbageAsync(cancellationToken: Cancellation);
        Assert.Equal((4, 6), (garbage.RemovedBlobCount, garbage.KeptBlobCount));
        Assert.Equal(["image", "signature"], Lines(await RunAsync(umoci, "list", "--layout", path)).Order(StringComparer.Ordinal));
        foreach (string tag in (string[])["image", "signature"])
        {
            await RunAsync(skopeo, "copy", "--quiet", "--preserve-digests", $"oci:{path}:{tag}", $"oci:{_directory.PathOf("again")}:{tag}");
        }

        // To umoci, too, nothing else was garbage, and nothing that it does not understand was left.
        await RunAsync(umoci, "gc", "--layout", path);
        Assert.Equal(6, Directory.GetFiles(Path.Combine(path, "blobs", "sha256")).Length);
        await theirs.VerifyAsync(written["signature"].Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task UmociLayout_IsReadAndTagged()
    {
        string umoci = Find("umoci");
        string path = _directory.PathOf("theirs");
        await RunAsync(umoci, "init", "--layout", path);
        using OciLayout theirs = new(path);
        Assert.Empty((await theirs.ReadIndexAsync(Cancellation)).Manifests);
        await RunAsync(umoci, "new", "--image", $"{path}:empty");
        _directory.Write("file", "content");
        await RunAsync(umoci, "insert", "--rootless", "--image", $"{path}:empty", "--tag", "full", _directory.PathOf("file"), "/file");

        Descriptor full = (await theirs.ResolveAsync("full", Cancellation))!;
        Assert.Equal(3, (await theirs.VerifyAsync(full, cancellationToken: Cancellation)).Copied.Length);
        await theirs.TagAsync(full, "ours", Cancellation);
        Assert.True(await theirs.DeleteTagAsync("full", Cancellation));
        await RunAsync(umoci, "unpack", "--rootless", "--image", $"{path}:ours", _directory.PathOf("bundle"));
        Assert.Equal("content", await File.ReadAllTextAsync(_directory.PathOf("bundle/rootfs/file"), Cancellation));
        await RunAsync(umoci, "gc", "--layout", path);
        await theirs.VerifyAsync(full, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task SkopeoArchive_IsReadInPlace(string kind)
    {
        string skopeo = Find("skopeo");
        ImageManifest image = await WriteImageAsync("archived");
        await _ours.TagAsync(image.Descriptor, "v1", Cancellation);
        string path = _directory.PathOf("image.tar");
        await RunAsync(skopeo, "copy", "--quiet", $"oci:{_ours.Path}:v1", $"{kind}:{path}:docker.io/shop/api:1.0");
        DockerArchive archive = await DockerArchive.OpenAsync(path, Cancellation);
        Descriptor root = (await archive.ResolveAsync("shop/api:1.0", Cancellation))!;
        await archive.VerifyAsync(root, cancellationToken: Cancellation);
        ImageManifest read = (ImageManifest)await archive.ReadManifestAsync(root, Cancellation);
        Assert.Equal(image.Config.Digest, read.Config.Digest);
        if (kind == "oci-archive")
        {
            Assert.Equal(image.Descriptor, root);
        }
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Find(string program)
    {
        string? path = Environment.GetEnvironmentVariable($"DEVOPS_TEST_{program.ToUpperInvariant()}");
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{program} is not at hand: run eng/test.sh, which finds it.");
        return path!;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return output;
    }

    private async Task<Dictionary<string, ManifestDocument>> WriteAllAsync()
    {
        ImageManifest one = await WriteImageAsync("one");
        ImageManifest two = await WriteImageAsync("two");
        ImageIndex index = ImageIndex.Create(one.Descriptor with { Platform = Platform.LinuxAmd64 }, two.Descriptor with { Platform = Platform.LinuxArm64 });
        ImageIndex nested = ImageIndex.Create(index.Descriptor, one.Descriptor);
        Descriptor config = await Sample.WriteAsync(_ours, MediaTypes.EmptyJson, Sample.Bytes("{}"), Cancellation);
        Descriptor bundle = await Sample.WriteAsync(_ours, "application/vnd.dev.sigstore.bundle.v0.3+json", Sample.Bytes("bundle"), Cancellation);
        ImageManifest signature = ImageManifest.Create(config, bundle).Edit(tree =>
        {
            tree["artifactType"] = bundle.MediaType;
            tree["subject"] = one.Descriptor.ToJson();
        });
        Dictionary<string, ManifestDocument> written = new() { ["image"] = one, ["index"] = index, ["nested"] = nested, ["signature"] = signature };
        foreach ((string tag, ManifestDocument document) in written)
        {
            await _ours.WriteAsync(document.Descriptor, new MemoryStream(document.RawBytes.ToArray()), Cancellation);
            await _ours.TagAsync(document.Descriptor, tag, Cancellation);
        }

        return written;
    }

    private async Task<ImageManifest> WriteImageAsync(string content)
    {
        byte[] layer = SavedArchive.Layer(content);
        ImageConfig config = SavedArchive.Config(layer);
        await _ours.WriteAsync(config.Descriptor, new MemoryStream(config.RawBytes.ToArray()), Cancellation);
        Descriptor gzip = await Sample.WriteAsync(_ours, MediaTypes.LayerGzip, SavedArchive.Gzip(layer), Cancellation);
        ImageManifest image = ImageManifest.Create(config.Descriptor, gzip);
        await _ours.WriteAsync(image.Descriptor, new MemoryStream(image.RawBytes.ToArray()), Cancellation);
        return image;
    }
}

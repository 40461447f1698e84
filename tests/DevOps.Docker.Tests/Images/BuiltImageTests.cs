using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;

namespace DevOps.Docker.Tests;

public sealed class BuiltImageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly TestStore _base = new();

    public BuiltImageTests() => _directory.Write("files/hello", "hello");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PushAsync_NewRepository_GetsEverythingAndTheTag(bool docker)
    {
        await using BuiltImage image = await BuildAsync(docker);
        TestRepository repository = new("localhost:5000", "team/api");
        PushResult result = await image.PushAsync(repository, "1.0", cancellationToken: Cancellation);

        Assert.Equal($"localhost:5000/team/api:1.0@{image.Digest}", result.Reference.ToString());
        Assert.Equal(image.Descriptor, repository.Tags["1.0"]);
        Assert.Equal(4, result.Copy.Copied.Length);
        Assert.Equal(2, result.Copy.CopiedLayers);
        await repository.VerifyAsync(image.Descriptor, cancellationToken: Cancellation);

        PushResult again = await image.PushAsync(repository, cancellationToken: Cancellation);
        Assert.Empty(again.Copy.Copied);
        Assert.Null(again.Reference.Tag);
    }

    [Fact]
    public async Task SaveAsync_BaseThatMounts_IsAskedForItsLayersOnly()
    {
        await using BuiltImage image = await BuildAsync(docker: false);
        List<Descriptor> offered = [];
        MountingStore target = new((descriptor, source) =>
        {
            if (source == _base)
            {
                lock (offered)
                {
                    offered.Add(descriptor);
                }
            }

            return source == _base;
        });
        CopyResult result = await image.SaveAsync(target, cancellationToken: Cancellation);

        Assert.Equal([image.Manifest.Layers[0]], offered);
        Assert.Equal(offered, result.Mounted);
        Assert.Equal(1, result.CopiedLayers);
    }

    [Fact]
    public async Task OpenReadAsync_EveryPart_IsWhatItsDescriptorNames()
    {
        await using BuiltImage image = await BuildAsync(docker: true);
        foreach (Descriptor part in (Descriptor[])[image.Descriptor, .. image.Manifest.Children])
        {
            Assert.Equal(part.Digest, Digest.Compute((await image.ReadAllBytesAsync(part, cancellationToken: Cancellation)).Span));
        }

        await Assert.ThrowsAsync<ContentNotFoundException>(() => image.OpenReadAsync(Descriptor.EmptyJson, Cancellation));
    }

    [Fact]
    public async Task OpenReadAsync_LayerDamagedOnDisk_IsRefused()
    {
        await using BuiltImage image = await BuildAsync(docker: false);
        string file = Assert.Single(Directory.GetFiles(_directory.PathOf("work"), "*", SearchOption.AllDirectories));
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => image.SaveAsync(new TestStore(), cancellationToken: Cancellation));
        Assert.Equal((CopySide.Source, image.Layers[0].Descriptor), (error.Side, error.Descriptor));
        Assert.IsType<DigestMismatchException>(error.InnerException);
    }

    [Fact]
    public async Task DisposeAsync_BuiltImage_RemovesItsLayers()
    {
        BuiltImage image = await BuildAsync(docker: false);
        Assert.NotEmpty(Directory.GetFileSystemEntries(_directory.PathOf("work")));
        await image.DisposeAsync();
        await image.DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(_directory.PathOf("work")));
    }

    private Task<BuiltImage> BuildAsync(bool docker) =>
        ImageBuilder.From(_base, BaseImages.Add(_base, Platform.LinuxAmd64, docker))
            .WithLayer(Layer.FromDirectory(_directory.PathOf("files")))
            .BuildAsync(null, new() { WorkDirectory = _directory.PathOf("work") }, cancellationToken: Cancellation);
}

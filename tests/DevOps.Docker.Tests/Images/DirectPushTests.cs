using DevOps.Archives.Caching;
using DevOps.Archives.Tar;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;
using DevOps.Testing.Time;

namespace DevOps.Docker.Tests;

/// <summary>Images that are built into a repository in one step.</summary>
public sealed class DirectPushTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly TestStore _base = new();
    private readonly ReceivingRepository _repository = new("localhost:5000", "team/api");

    public DirectPushTests()
    {
        byte[] noise = new byte[3 << 20];
        new Random(1).NextBytes(noise);
        _directory.Write("files/noise", noise);
        _directory.Write("files/hello", "hello");
        _directory.MakeDirectory("work");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ImageBuildOptions Options => new() { WorkDirectory = _directory.PathOf("work") };

    // Files that were written a moment ago are not kept by their status: this clock is ahead of them.
    private ImageBuildOptions Cached => Options with
    {
        Layers = new() { Cache = PackCache.Open(_directory.PathOf("cache"), new() { TimeProvider = new VirtualTimeProvider(DateTimeOffset.UtcNow.AddHours(1)) }) },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public async Task PushAsync_LayersGoWhileTheyAreMade_TheImageIsTheSame(bool docker, int breaks)
    {
        _repository.Breaks = breaks;
        ImageBuilder builder = Builder(docker);
        await using BuiltImage expected = await builder.BuildAsync(null, Options, cancellationToken: Cancellation);
        RecordingProgress<ContentProgress> progress = new();
        StoredImage pushed = await builder.PushAsync(_repository, "1.0", options: Options, progress: progress, cancellationToken: Cancellation);

        Assert.Equal(expected.Digest, pushed.Digest);
        Assert.Equal(expected.Layers, pushed.Layers);
        Assert.Equal(expected.Descriptor, _repository.Tags["1.0"]);
        Assert.Equal($"localhost:5000/team/api:1.0@{expected.Digest}", pushed.Reference!.ToString());
        Assert.Equal(pushed.Layers.Select(layer => layer.Descriptor.Digest), _repository.Received.Select(layer => layer.Digest));
        Assert.Equal(4, pushed.Copy.Copied.Length);
        Assert.Empty(pushed.Copy.Skipped);
        Assert.Equal([ContentPhase.Copied], progress.Reports.Where(report => report.Descriptor.Digest == pushed.Layers[0].Descriptor.Digest).Select(report => report.Phase));
        await _repository.VerifyAsync(expected.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PushAsync_LayerOnItsWay_IsNotOnDisk()
    {
        bool wasEmpty = false;
        Layer layer = Streamed(() =>
        {
            wasEmpty = Directory.GetFiles(_directory.PathOf("work"), "*", SearchOption.AllDirectories).Length == 0;
            return new MemoryStream("hello"u8.ToArray());
        });
        await ImageBuilder.Scratch.WithLayer(layer).PushAsync(_repository, options: Options, cancellationToken: Cancellation);
        Assert.True(wasEmpty, "The layer was written to a file.");
        Assert.Empty(Directory.GetFileSystemEntries(_directory.PathOf("work")));
    }

    [Fact]
    public async Task PushAsync_RepositoryThatRefusesOnTheWay_GetsTheLayerAsAWhole()
    {
        _repository.Refuses = true;
        StoredImage pushed = await Builder(docker: false).PushAsync(_repository, "1.0", options: Options, cancellationToken: Cancellation);
        Assert.Empty(_repository.Received);
        Assert.Equal(2, pushed.Copy.CopiedLayers);
        await _repository.VerifyAsync(pushed.Descriptor, cancellationToken: Cancellation);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.PathOf("work")));
    }

    [Fact]
    public async Task PushAsync_RepositoryWithoutTheAbility_GetsTheLayerAsAWhole()
    {
        TestRepository plain = new("localhost:5000", "team/api");
        StoredImage pushed = await Builder(docker: false).PushAsync(plain, options: Options, cancellationToken: Cancellation);
        Assert.Equal($"localhost:5000/team/api@{pushed.Digest}", pushed.Reference!.ToString());
        await plain.VerifyAsync(pushed.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PushAsync_EntriesThatComeOneByOne_AreAFileFirst()
    {
        Layer layer = Layer.FromEntries("stream", Layer.FromDirectory(_directory.PathOf("files")).ReadAsync(Cancellation));
        StoredImage pushed = await ImageBuilder.Scratch.WithLayer(layer).PushAsync(_repository, options: Options, cancellationToken: Cancellation);
        Assert.Empty(_repository.Received);
        await _repository.VerifyAsync(pushed.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PushAsync_LayerThatTheCacheKnows_IsSentOnlyWhereItIsMissing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells when a file was changed");
        ImageBuilder builder = Builder(docker: false);
        StoredImage first = await builder.PushAsync(_repository, options: Cached, cancellationToken: Cancellation);
        Assert.Equal(CacheOutcome.Packed, first.Layers[0].Cache!.Outcome);
        Assert.Single(_repository.Received);

        StoredImage second = await builder.PushAsync(_repository, options: Cached, cancellationToken: Cancellation);
        Assert.Equal((first.Digest, CacheOutcome.FoundByStatus), (second.Digest, second.Layers[0].Cache!.Outcome));
        Assert.Single(_repository.Received);
        Assert.Empty(second.Copy.Copied);

        ReceivingRepository other = new("localhost:5000", "team/other");
        StoredImage third = await builder.PushAsync(other, options: Cached, cancellationToken: Cancellation);
        Assert.Empty(other.Received);
        Assert.Equal(2, third.Copy.CopiedLayers);
        await other.VerifyAsync(third.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PushAsync_RepositoryThatRefuses_LeavesTheLayerInTheCache()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells when a file was changed");
        _repository.Refuses = true;
        StoredImage first = await Builder(docker: false).PushAsync(_repository, options: Cached, cancellationToken: Cancellation);
        Assert.Equal(CacheOutcome.FoundByStatus, first.Layers[0].Cache!.Outcome);
        await _repository.VerifyAsync(first.Descriptor, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task PushAsync_SourceFails_PushesNoImageAndLeavesNothingOnDisk()
    {
        Layer broken = Streamed(() => throw new IOException("The source broke."));
        IOException error = await Assert.ThrowsAsync<IOException>(() => Builder(docker: false).WithLayer(broken).PushAsync(_repository, "1.0", options: Options, cancellationToken: Cancellation));
        Assert.Contains("The source broke.", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_repository.Tags);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.PathOf("work")));
    }

    [Fact]
    public async Task PushAsync_MalformedTag_IsSaidBeforeAnythingIsMade()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Builder(docker: false).PushAsync(_repository, "not a tag", options: Options, cancellationToken: Cancellation));
        Assert.Equal(0, _repository.Count);
    }

    [Fact]
    public async Task PushAsync_StoreThatSaysAnotherDigest_IsNotBelieved()
    {
        LyingStore store = new();
        await Assert.ThrowsAsync<DigestMismatchException>(() => Builder(docker: false).SaveAsync(store, options: Options, cancellationToken: Cancellation));
    }

    private static Layer Streamed(Func<Stream> open) =>
        Layer.FromEntries("streamed", [new TarItem(new TarMember("streamed", TarMemberKind.File) { LengthBytes = 5 }, TarContent.FromStream(_ => new(open())))]);

    private ImageBuilder Builder(bool docker) =>
        ImageBuilder.From(_base, BaseImages.Add(_base, Platform.LinuxAmd64, docker)).WithLayer(Layer.FromDirectory(_directory.PathOf("files")));

    private sealed class LyingStore : TestStore, IContentReceiver
    {
        public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
        {
            await write(Stream.Null, cancellationToken);
            return Descriptor.ForContent(mediaType, "other"u8);
        }
    }
}

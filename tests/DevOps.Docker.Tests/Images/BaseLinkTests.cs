using System.IO.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;

namespace DevOps.Docker.Tests;

public sealed class BaseLinkTests : IDisposable
{
    // As in Debian since 12: the old directories are links.
    private static readonly TarItem[] Merged = [LayerEntry.SymbolicLink("lib", "usr/lib"), LayerEntry.Directory("usr/lib"), LayerEntry.File("usr/lib/libc.so", "x"u8.ToArray()), LayerEntry.SymbolicLink("var/run", "/run")];

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly TestStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory] // entries of the new layer; expected: the link that would go, and where to put things instead
    [InlineData("d lib", "/lib", "usr/lib", "'/usr/lib'")]
    [InlineData("f lib/app.so", "/lib", "usr/lib", "'/usr/lib'")]
    [InlineData("f lib/a/b/c", "/lib", "usr/lib", "'/usr/lib'")]
    [InlineData("l var/run/app", "/var/run", "/run", "'/run'")]
    public async Task BuildAsync_EntryThatReplacesALink_IsRefused(string entry, string link, string target, string remedy)
    {
        foreach (ImplicitParents parents in Enum.GetValues<ImplicitParents>())
        {
            Layer layer = Layer.FromEntries("mine", [Entry(entry)], new() { ImplicitParents = parents });
            BaseLinkException error = await Assert.ThrowsAsync<BaseLinkException>(() => BuildAsync([Merged], layer));
            Assert.Equal(("mine", link, target), (error.Layer, error.Link, error.Target));
            Assert.StartsWith(link, error.Path, StringComparison.Ordinal);
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("f lib")] // a file in place of a link is a change that is seen
    [InlineData("l lib")]
    [InlineData("f libx/a")]
    [InlineData("f usr/lib/app.so")]
    [InlineData("f usr/lib/lib/app.so")]
    [InlineData("d var")]
    [InlineData("w lib|f lib/x")]
    [InlineData("w lib|d lib")]
    [InlineData("w var|f var/run/x")]
    [InlineData("o var|f var/run/x")]
    [InlineData("o /|d lib|d var/run")]
    public async Task BuildAsync_EntriesThatReplaceNoLink_ArePacked(string entries) =>
        await BuildAsync([Merged], Layer.FromEntries("mine", entries.Split('|').Select(Entry)));

    [Theory]
    [InlineData("w usr|f lib/x")]
    [InlineData("w lib/x|f lib/x")]
    [InlineData("o lib|d lib")]
    [InlineData("w var/run|d lib")]
    public async Task BuildAsync_DeletionOfSomethingElse_DoesNotHelp(string entries) =>
        await Assert.ThrowsAsync<BaseLinkException>(() => BuildAsync([Merged], Layer.FromEntries("mine", entries.Split('|').Select(Entry))));

    // Layers of the base from the lowest; expected: whether /a/b is a link when all lie on each other.
    [Theory]
    [InlineData(true, "l a/b")]
    [InlineData(true, "l a/b", "f a/c")]
    [InlineData(true, "l a/b", "d a")]
    [InlineData(false, "l a/b", "d a/b")]
    [InlineData(false, "l a/b", "f a/b")]
    [InlineData(true, "l a/b", "d a/b", "l a/b")]
    [InlineData(false, "l a/b", "f a")]
    [InlineData(false, "l a/b", "w a/b")]
    [InlineData(false, "l a/b", "w a")]
    [InlineData(false, "l a/b", "o a")]
    [InlineData(false, "l a/b", "o /")]
    [InlineData(true, "l a/b", "o a/b")]
    [InlineData(true, "l a/b", "w a/bc")]
    [InlineData(true, "l a/b", "w a|l a/b")]
    [InlineData(true, "l a/b", "o a|l a/b")]
    [InlineData(true, "w a/b|l a/b")]
    [InlineData(true, "l a/b|l a/c", "w a/c")]
    [InlineData(false, "l a/b", "l a", "d a")]
    public async Task BuildAsync_BaseOfSeveralLayers_IsSeenAsOne(bool expected, params string[] layers)
    {
        TarItem[][] items = [.. layers.Select(layer => layer.Split('|').Select(Entry).ToArray())];
        Exception? error = await Record.ExceptionAsync(() => BuildAsync(items, Layer.FromEntries("mine", [LayerEntry.Directory("a/b")], new() { ImplicitParents = ImplicitParents.Omit })));
        Assert.Equal(expected, error is BaseLinkException);
        Assert.True(expected || error is null, error?.ToString());
    }

    [Fact] // OCI image-spec 1.1, layer.md: a deletion is of what is below, wherever in its layer it stands
    public async Task BuildAsync_DeletionBehindItsSiblings_IsOfLowerLayersOnly()
    {
        byte[] upper = await TarAsync(LayerEntry.SymbolicLink("a/new", "x"), LayerEntry.Whiteout("a/new"), LayerEntry.OpaqueWhiteout("a"));
        Descriptor root = await BaseAsync([await TarAsync(LayerEntry.SymbolicLink("a/old", "x")), upper]);
        await BuildAsync(root, Layer.FromEntries("mine", [LayerEntry.Directory("a/old")]));
        await Assert.ThrowsAsync<BaseLinkException>(() => BuildAsync(root, Layer.FromEntries("mine", [LayerEntry.Directory("a/new")])));
    }

    [Theory]
    [InlineData("./lib", "--format=gnu")]
    [InlineData("/lib", "--absolute-names")]
    [InlineData("lib", "--format=pax")]
    public async Task BuildAsync_NamesOfOtherTools_AreTheSamePaths(string name, string why)
    {
        using MemoryStream tar = new();
        await using (System.Formats.Tar.TarWriter writer = new(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, name) { LinkName = "usr/lib" }, Cancellation);
        }

        Descriptor root = await BaseAsync([tar.ToArray()]);
        Exception? error = await Record.ExceptionAsync(() => BuildAsync(root, Layer.FromEntries("mine", [LayerEntry.Directory("lib")])));
        Assert.True(error is BaseLinkException, $"{name}, as {why} gives it");
    }

    [Fact]
    public async Task BuildAsync_Replace_ReadsNothingAndPacks()
    {
        Descriptor root = await BaseAsync([await TarAsync(Merged)]);
        await using BuiltImage image = await ImageBuilder.From(_store, root).WithLayer(Layer.FromEntries("mine", [LayerEntry.Directory("lib")]))
            .BuildAsync(null, new() { BaseLinks = BaseLinks.Replace, WorkDirectory = _directory.Path }, cancellationToken: Cancellation);
        Assert.Equal(2, _store.Logged(StoreOperation.OpenRead).Count);
    }

    [Fact]
    public async Task BuildAsync_SeveralLayers_ReadTheBaseOnce()
    {
        Descriptor root = await BaseAsync([await TarAsync(Merged)]);
        await using BuiltImage image = await ImageBuilder.From(_store, root)
            .WithLayer(Layer.FromEntries("one", [LayerEntry.Directory("opt")])).WithLayer(Layer.FromEntries("two", [LayerEntry.Directory("srv")]))
            .BuildAsync(null, Options, cancellationToken: Cancellation);
        Assert.Equal(3, _store.Logged(StoreOperation.OpenRead).Count);
        await using BuiltImage again = await ImageBuilder.From(image, image.Descriptor).WithLayer(Layer.FromEntries("three", [LayerEntry.Directory("opt")])).BuildAsync(null, Options, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<BaseLinkException>(() => ImageBuilder.From(image, image.Descriptor).WithLayer(Layer.FromEntries("three", [LayerEntry.Directory("lib")])).BuildAsync(null, Options, cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData(MediaTypes.LayerZstd)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip+encrypted")]
    [InlineData(MediaTypes.LayerGzip)]
    public async Task BuildAsync_LayerThatCannotBeRead_IsNotChecked(string mediaType)
    {
        Descriptor lower = _store.Add(mediaType, [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0]);
        byte[] upper = await TarAsync(Merged);
        Descriptor root = AddImage([lower, _store.Add(MediaTypes.Layer, upper)]);
        await BuildAsync(root, Layer.FromEntries("mine", [LayerEntry.Directory("lib")]));
    }

    [Fact]
    public async Task BuildAsync_BaseInARegistry_IsNotFetchedForThis()
    {
        TestRepository repository = new("localhost:5000", "team/base");
        byte[] tar = await TarAsync(Merged);
        Descriptor layer = repository.Add(MediaTypes.Layer, tar);
        ImageConfig config = ImageConfig.ForPlatform(Platform.LinuxAmd64).WithLayer(Digest.Compute(tar), new());
        Descriptor root = repository.Add(ImageManifest.Create(repository.Add(MediaTypes.ImageConfig, config.RawBytes.ToArray()), layer));
        await using BuiltImage image = await ImageBuilder.From(repository, root).WithLayer(Layer.FromEntries("mine", [LayerEntry.Directory("lib")])).BuildAsync(null, Options, cancellationToken: Cancellation);
        Assert.DoesNotContain(layer, repository.Logged(StoreOperation.OpenRead));
    }

    [Fact]
    public async Task BuildAsync_DamagedBase_SaysSo()
    {
        Descriptor root = await BaseAsync([await TarAsync(Merged)]);
        _store.Reader = (descriptor, bytes) => new VerifyingStream(new MemoryStream(descriptor.MediaType == MediaTypes.LayerGzip ? Damaged(bytes) : bytes), descriptor, "the store");
        await Assert.ThrowsAnyAsync<ContentVerificationException>(() => BuildAsync(root, Layer.FromEntries("mine", [LayerEntry.Directory("opt")])));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("lib", "usr/lib", "/usr/lib")]
    [InlineData("a/b/c", "../d", "/a/d")]
    [InlineData("a/b", "/x/./y", "/x/y")]
    [InlineData("a", "../../etc", "/etc")]
    [InlineData("a", ".", "/")]
    public void Destination_Target_IsTakenFromTheLinksDirectory(string link, string target, string expected) => Assert.Equal(expected, LinkTree.Destination(link, target));

    [Fact]
    public void Add_MoreNamesThanTheBound_SaysSo()
    {
        LinkTree links = new();
        string target = new('x', 1 << 16);
        int count = 0;
        while (links.Add(new() { Name = $"link{count}", Kind = TarEntryKind.SymbolicLink, LinkTarget = target }))
        {
            count++;
        }

        Assert.InRange(count, 200, 300);
    }

    private ImageBuildOptions Options => new() { WorkDirectory = _directory.Path };

    private static TarItem Entry(string text) => text[0] switch
    {
        'f' => LayerEntry.File(text[2..], default),
        'd' => LayerEntry.Directory(text[2..]),
        'l' => LayerEntry.SymbolicLink(text[2..], "target"),
        'o' => LayerEntry.OpaqueWhiteout(text[2..]),
        _ => LayerEntry.Whiteout(text[2..]),
    };

    // Damages the digest and nothing that the decoder looks at: the time in the header.
    private static byte[] Damaged(byte[] gzip) => [.. gzip[..4], (byte)~gzip[4], .. gzip[5..]];

    private static async Task<byte[]> TarAsync(params TarItem[] items)
    {
        using MemoryStream tar = new();
        TarArchiveWriter writer = new(tar);
        foreach (TarItem item in items)
        {
            await writer.WriteAsync(item, Cancellation);
        }

        await writer.CompleteAsync(Cancellation);
        return tar.ToArray();
    }

    private async Task<Descriptor> BaseAsync(byte[][] tars)
    {
        List<Descriptor> layers = [];
        foreach (byte[] tar in tars)
        {
            using MemoryStream blob = new();
            await using (GZipStream gzip = new(blob, CompressionLevel.Fastest, leaveOpen: true))
            {
                await gzip.WriteAsync(tar, Cancellation);
            }

            layers.Add(_store.Add(MediaTypes.LayerGzip, blob.ToArray()));
        }

        return AddImage(layers);
    }

    private Descriptor AddImage(List<Descriptor> layers)
    {
        ImageConfig config = ImageConfig.ForPlatform(Platform.LinuxAmd64);
        config = layers.Aggregate(config, (edited, layer) => edited.WithLayer(layer.Digest, new()));
        return _store.Add(ImageManifest.Create(_store.Add(MediaTypes.ImageConfig, config.RawBytes.ToArray()), [.. layers]));
    }

    private async Task BuildAsync(TarItem[][] layers, Layer layer)
    {
        List<byte[]> tars = [];
        foreach (TarItem[] items in layers)
        {
            tars.Add(await TarAsync(items));
        }

        await BuildAsync(await BaseAsync([.. tars]), layer);
    }

    private async Task BuildAsync(Descriptor root, Layer layer) =>
        await (await ImageBuilder.From(_store, root).WithLayer(layer).BuildAsync(null, Options, cancellationToken: Cancellation)).DisposeAsync();
}

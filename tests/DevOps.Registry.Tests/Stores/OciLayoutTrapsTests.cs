using System.Diagnostics;
using System.Text;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Stores;

/// <summary>Layouts made to reach other files of the machine, or to exhaust it.</summary>
public sealed class OciLayoutTrapsTests : IDisposable
{
    private const string Secret = "a secret of this machine";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly OciLayout _layout;
    private readonly string _outside;

    public OciLayoutTrapsTests()
    {
        _layout = new(_directory.PathOf("layout"));
        _outside = _directory.Write("outside/secret", Secret);
        _directory.Write("layout/oci-layout", OciLayout.MarkerText);
        _directory.Write("layout/index.json", ImageIndex.Create().RawBytes.Span);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Descriptor OfSecret => Descriptor.ForContent(MediaTypes.LayerGzip, Encoding.UTF8.GetBytes(Secret));

    public void Dispose()
    {
        _layout.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Methods_BlobThatIsALink_AreRefusedAndTheTargetStays()
    {
        _directory.Link($"layout/blobs/sha256/{OfSecret.Digest.Hex}", _outside);
        await AssertRefusedAsync(OfSecret);

        // Not written through either, by whatever length of chain.
        Descriptor other = Sample.Blob(Sample.Bytes("other"));
        _directory.Link("layout/hop", _outside);
        _directory.Link($"layout/blobs/sha256/{other.Digest.Hex}", "../../hop");
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.WriteAsync(other, new MemoryStream(Sample.Bytes("other")), Cancellation));
        Assert.Equal(Secret, await File.ReadAllTextAsync(_outside, Cancellation));

        Descriptor dangling = Sample.Blob(Sample.Bytes("dangling"));
        _directory.Link($"layout/blobs/sha256/{dangling.Digest.Hex}", _directory.PathOf("outside/new"));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.WriteAsync(dangling, new MemoryStream(Sample.Bytes("dangling")), Cancellation));
        Assert.False(File.Exists(_directory.PathOf("outside/new")));
    }

    [Theory]
    [InlineData("layout/blobs")]
    [InlineData("layout/blobs/sha256")]
    public async Task Methods_FolderThatIsALink_AreRefused(string folder)
    {
        string target = _directory.MakeDirectory("outside/store");
        _directory.Write($"outside/store/{OfSecret.Digest.Hex}", Secret);
        _directory.Write($"outside/store/sha256/{OfSecret.Digest.Hex}", Secret);
        _directory.Link(folder, target);
        int before = Directory.GetFiles(target, "*", SearchOption.AllDirectories).Length;
        await AssertRefusedAsync(OfSecret);
        Assert.Equal(before, Directory.GetFiles(target, "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("index.json")]
    [InlineData("oci-layout")]
    [InlineData(".lock")]
    public async Task TagAsync_FileThatIsALink_IsRefusedAndTheTargetStays(string file)
    {
        ImageManifest image = await Sample.WriteImageAsync(_layout, "image", Cancellation);
        string path = Path.Combine(_layout.Path, file);
        byte[] content = await File.ReadAllBytesAsync(path, Cancellation);
        File.Move(path, _directory.PathOf("outside/moved"), overwrite: true);
        File.CreateSymbolicLink(path, _directory.PathOf("outside/moved"));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.TagAsync(image.Descriptor, "v1", Cancellation));
        Assert.Equal(content, await File.ReadAllBytesAsync(_directory.PathOf("outside/moved"), Cancellation));
    }

    [Fact]
    public async Task Methods_DirectoryInPlaceOfAFile_AreRefused()
    {
        Directory.CreateDirectory(_directory.PathOf($"layout/blobs/sha256/{OfSecret.Digest.Hex}"));
        await AssertRefusedAsync(OfSecret);
        File.Delete(_directory.PathOf("layout/index.json"));
        Directory.CreateDirectory(_directory.PathOf("layout/index.json"));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
    }

    [Fact]
    public async Task Methods_PipeInPlaceOfAFile_DoNotWaitForAWriter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such pipes.");
        Directory.CreateDirectory(_directory.PathOf("layout/blobs/sha256"));
        await MakePipeAsync($"layout/blobs/sha256/{OfSecret.Digest.Hex}");
        Assert.False(await _layout.ContainsAsync(OfSecret, Cancellation));
        await Assert.ThrowsAsync<SizeMismatchException>(() => _layout.ReadAllBytesAsync(OfSecret, cancellationToken: Cancellation));
        await _layout.WriteAsync(OfSecret, new MemoryStream(Encoding.UTF8.GetBytes(Secret)), Cancellation);
        Assert.Equal(Secret, Encoding.UTF8.GetString((await _layout.ReadAllBytesAsync(OfSecret, cancellationToken: Cancellation)).Span));

        foreach (string file in (string[])["index.json", "oci-layout"])
        {
            File.Delete(_directory.PathOf($"layout/{file}"));
            await MakePipeAsync($"layout/{file}");
            await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
        }
    }

    [Fact]
    public async Task ReadIndexAsync_IndexOfAGigabyte_IsRefusedUnread()
    {
        using (FileStream sparse = new(_directory.PathOf("layout/index.json"), FileMode.Open))
        {
            sparse.SetLength(1L << 30);
        }

        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
        Assert.Contains("1073741824 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadIndexAsync_DeeplyNestedJson_IsRefused()
    {
        _directory.Write("layout/index.json", $$"""{"schemaVersion":2,"manifests":[],"x":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""");
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
        _directory.Write("layout/oci-layout", new string('[', 10_000));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
    }

    [Theory]
    [InlineData("sha256:../../../etc/passwd")]
    [InlineData("sha256:/etc/passwd")]
    [InlineData("../blobs:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\\u0000")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:")]
    [InlineData("")]
    public async Task ReadIndexAsync_DigestsThatAreNone_AreRefused(string digest)
    {
        _directory.Write("layout/index.json", $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{MediaTypes.ImageManifest}}","size":3,"digest":"{{digest}}"}]}""");
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadIndexAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.CollectGarbageAsync(cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("../../outside/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("300")]
    public async Task Names_ThatArePaths_NameNothing(string name)
    {
        name = name == "300" ? new string('a', 300) : name;
        ImageManifest image = await Sample.WriteImageAsync(_layout, "image", Cancellation);
        Assert.Null(await _layout.ResolveAsync(name, Cancellation));
        Assert.False(await _layout.DeleteTagAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => _layout.TagAsync(image.Descriptor, name, Cancellation));
    }

    [Fact]
    public async Task Methods_SizesWithoutEnd_AllocateNothingForThem()
    {
        ImageManifest image = await Sample.WriteImageAsync(_layout, "image", Cancellation);
        Descriptor lie = new(MediaTypes.ImageManifest, image.Digest, 1L << 62);
        _directory.Write("layout/index.json", ImageIndex.Create(lie).RawBytes.Span);
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.ReadManifestAsync(lie, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.CollectGarbageAsync(cancellationToken: Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(async () => await _layout.ListReferrersAsync(image.Digest, null, Cancellation).ToArrayAsync(Cancellation));
        await Assert.ThrowsAsync<SizeMismatchException>(() => _layout.WriteAsync(lie, new MemoryStream(image.RawBytes.ToArray()), Cancellation));
        Assert.Equal(image.Descriptor, (await _layout.ReadManifestAsync(image.Descriptor, Cancellation)).Descriptor);
    }

    private async Task AssertRefusedAsync(Descriptor descriptor)
    {
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.OpenReadAsync(descriptor, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.OpenReadAtAsync(descriptor, 1, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(async () => await _layout.ContainsAsync(descriptor, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.DeleteAsync(descriptor, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _layout.WriteAsync(descriptor, new MemoryStream(Encoding.UTF8.GetBytes(Secret)), Cancellation));
        Assert.Equal(Secret, await File.ReadAllTextAsync(_outside, Cancellation));
    }

    private async Task MakePipeAsync(string relative)
    {
        using Process made = Process.Start("mkfifo", [_directory.PathOf(relative)]);
        await made.WaitForExitAsync(Cancellation);
        Assert.Equal(0, made.ExitCode);
    }
}

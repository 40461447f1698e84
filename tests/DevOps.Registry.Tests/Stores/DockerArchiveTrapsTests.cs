using System.Buffers.Binary;
using System.Text;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Stores;

/// <summary>Archives made to reach other files, to be read in two ways, or to exhaust the reader.</summary>
public sealed class DockerArchiveTrapsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("config")]
    public async Task OpenAsync_DocumentTwice_IsRefused(string which)
    {
        // skopeo takes the first of two, docker the last: what one checks, the other runs.
        SavedArchive saved = new SavedArchive().WithImage(out ImageConfig config, "base").WithManifest(config, null, "layer0/layer.tar");
        SavedArchive twice = which == "config" ? saved.With($"./{config.Digest.Hex}.json", config.RawBytes.ToArray()) : saved.WithManifest(config, ["other:1"], "layer0/layer.tar");
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(twice.ToBytes()));
        Assert.Contains("more than once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_IndexTwiceOrAsALink_IsRefused()
    {
        byte[] index = ImageIndex.Create(ImageIndex.Create().Descriptor).RawBytes.ToArray();
        SavedArchive twice = new SavedArchive().With("oci-layout", OciLayout.MarkerText).With("index.json", index).With("index.json", index);
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(twice.ToBytes()));
        SavedArchive link = new SavedArchive().With("oci-layout", OciLayout.MarkerText).With("index.json", index).WithLink("index.json", "oci-layout");
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(link.ToBytes()));
        SavedArchive linked = new SavedArchive().With("oci-layout", OciLayout.MarkerText).With("real.json", index).With("real.json", index).WithLink("index.json", "real.json");
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(linked.ToBytes()));
    }

    [Fact]
    public async Task OpenAsync_LayerTwice_IsReadAndVerified()
    {
        // Old writers repeat a layer that two images share.
        SavedArchive saved = new SavedArchive().WithImage(out ImageConfig config, "base").With("layer0/layer.tar", SavedArchive.Layer("base"));
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, null, "layer0/layer.tar").ToBytes());
        await archive.VerifyAsync(archive.Images[0].Manifest, cancellationToken: Cancellation);
        SavedArchive other = new SavedArchive().WithImage(out config, "base").With("layer0/layer.tar", SavedArchive.Layer("evil"));
        archive = await OpenAsync(other.WithManifest(config, null, "layer0/layer.tar").ToBytes());
        await Assert.ThrowsAsync<DigestMismatchException>(() => archive.VerifyAsync(archive.Images[0].Manifest, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task OpenAsync_LargePackedLayerNamedThousandsOfTimes_IsHashedOnce()
    {
        const int times = 10_000;
        byte[] packed = new byte[32 << 20];
        SavedArchive.Gzip("layer"u8.ToArray()).CopyTo(packed, 0);
        string diffIds = string.Join(',', Enumerable.Repeat($"\"{Digest.Compute("layer"u8)}\"", times));
        string layers = string.Join(',', Enumerable.Repeat("\"l\"", times));
        SavedArchive saved = new SavedArchive().With("l", packed)
            .With("c.json", System.Text.Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}"""))
            .With("manifest.json", System.Text.Encoding.UTF8.GetBytes($$"""[{"Config":"c.json","Layers":[{{layers}}]}]"""));

        // No measure: hashing it each time takes as long as 320 GB do.
        DockerArchive archive = await OpenAsync(saved.ToBytes()).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        Assert.Single(archive.Images);
    }

    [Fact]
    public async Task OpenAsync_MembersOutside_AreNotThere()
    {
        ImageConfig config = ImageConfig.Empty;
        foreach (string outside in (string[])["../manifest.json", "a/../../manifest.json"])
        {
            SavedArchive saved = new SavedArchive().With("config.json", config.RawBytes.ToArray()).With(outside, """[{"Config":"config.json","Layers":[]}]""");
            await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(saved.ToBytes()));
        }

        // A name of a file of this machine is a name in the archive, and nothing else.
        SavedArchive passwd = new SavedArchive().With("manifest.json", """[{"Config":"/etc/passwd","Layers":[]}]""");
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(passwd.ToBytes()));
        Assert.Contains("does not hold it", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(
            new SavedArchive().With("etc/passwd", config.RawBytes.ToArray()).With("manifest.json", """[{"Config":"../../etc/passwd","Layers":[]}]""").ToBytes()));
        Assert.Contains("../../etc/passwd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_RepositoriesFileAlone_IsRefused()
    {
        // What engines before 1.10 wrote, without a manifest.json.
        SavedArchive saved = new SavedArchive().WithImage(out _, "base").With("repositories", """{"../../x":{"latest":"layer0"}}""");
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(saved.ToBytes()));
        Assert.Contains("manifest.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_SizesWithoutEnd_AllocateNothingForThem()
    {
        byte[] bytes = new SavedArchive().WithImage(out ImageConfig config, "base").WithManifest(config, null, "layer0/layer.tar").ToBytes();
        int header = Encoding.Latin1.GetString(bytes).IndexOf("manifest.json\0", StringComparison.Ordinal);

        // A size in base 256, and the header's sum for it. Source: GNU tar manual, "Basic Tar Format".
        Span<byte> size = bytes.AsSpan(header + 124, 12);
        size.Clear();
        size[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(size[4..], 1L << 62);
        bytes.AsSpan(header + 148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in bytes.AsSpan(header, 512))
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, header + 148);
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(bytes));
    }

    [Fact]
    public async Task OpenAsync_ManifestAboveTheLimit_IsRefused()
    {
        byte[] bytes = new SavedArchive().With("manifest.json", new byte[OciDocument.MaxLengthBytes + 1]).ToBytes();
        InvalidContentException error = await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(bytes));
        Assert.Contains("are allowed", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidContentException>(() => OpenAsync(new SavedArchive().With("manifest.json", new string('[', 10_000)).ToBytes()));
    }

    [Fact]
    public async Task ResolveAsync_Reference_FindsAnImageHoweverItIsWritten()
    {
        SavedArchive saved = new SavedArchive().WithImage(out ImageConfig config, "base");
        DockerArchive archive = await OpenAsync(saved.WithManifest(config, ["alpine:latest"], "layer0/layer.tar").ToBytes());
        foreach (string name in (string[])["alpine:latest", "docker.io/library/alpine:latest", "docker.io/library/alpine", "library/alpine"])
        {
            Assert.Equal(archive.Images[0].Manifest, await archive.ResolveAsync(name, Cancellation));
        }

        Assert.Null(await archive.ResolveAsync("quay.io/library/alpine", Cancellation));
        Assert.Empty(await archive.ListReferrersAsync(archive.Images[0].Manifest.Digest, null, Cancellation).ToArrayAsync(Cancellation));
    }

    private async Task<DockerArchive> OpenAsync(byte[] bytes) => await DockerArchive.OpenAsync(_directory.Write("saved.tar", bytes), Cancellation);
}

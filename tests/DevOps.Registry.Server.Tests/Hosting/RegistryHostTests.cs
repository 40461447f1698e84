using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Hosting;

public sealed class RegistryHostTests : ServerTest
{
    [Fact]
    public async Task StartAsync_OverTheSameFolder_KeepsEverything()
    {
        ImageManifest subject = await Server.PushArtifactAsync("team/api", "latest", "one");
        ImageManifest signature = await Server.PushArtifactAsync("team/api", "signature", "two", subject.Descriptor);
        string upload = await Server.OpenUploadAsync("team/api");
        using (HttpResponseMessage patched = await Server.SendAsync(HttpMethod.Patch, upload, ServerFixture.Body("012"), ("Content-Range", "0-2")))
        {
            Assert.Equal(HttpStatusCode.Accepted, patched.StatusCode);
        }

        await Server.RestartAsync();

        Assert.Equal(subject.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/team/api/manifests/latest"));
        Assert.Equal([signature.Descriptor], ImageIndex.Parse(await Server.GetBytesAsync($"/v2/team/api/referrers/{subject.Digest}")).Manifests.AsEnumerable());
        Assert.Equal("{}"u8.ToArray(), await Server.GetBytesAsync($"/v2/team/api/blobs/{Digest.Compute("{}"u8)}"));

        // An upload that was open goes on where it was.
        using HttpResponseMessage status = await Server.GetAsync(upload);
        Assert.Equal((HttpStatusCode.NoContent, "0-2"), (status.StatusCode, ServerFixture.Header(status, "Range")));
        using HttpResponseMessage put = await Server.SendAsync(HttpMethod.Put, $"{upload}?digest={Digest.Compute("0123"u8)}", ServerFixture.Body("3"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Fact]
    public async Task StartAsync_Default_ListensOnLoopbackOnly()
    {
        Assert.True(Server.Address.IsLoopback);
        Assert.NotNull(Server.Address.Port);
        Assert.Equal(IPAddress.Loopback, new RegistryHostOptions { Directory = "x" }.Endpoint.Address);
        using RegistryClient client = new();
        Assert.Null(await client.GetRepository(Server.Address, RepositoryName.Parse("a")).ResolveAsync("latest", Cancellation));
    }

    [Fact]
    public async Task StartAsync_EveryInterface_GivesAnAddressThatCanBeAsked()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = directory.Path, Endpoint = new(IPAddress.Any, 0) }, cancellationToken: Cancellation);
        Assert.Equal("localhost", host.Address.Host);
    }

    [Fact]
    public async Task StartAsync_PortInUse_Throws()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await Assert.ThrowsAnyAsync<IOException>(() => RegistryHost.StartAsync(
            new() { Directory = directory.Path, Endpoint = new(IPAddress.Loopback, Server.Address.Port!.Value) }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task StartAsync_DirectoryIsAFile_Throws()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string file = directory.Write("file");
        await Assert.ThrowsAsync<IOException>(() => RegistryHost.StartAsync(new() { Directory = file }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task RegistryClient_WholeImage_GoesThrough()
    {
        MemoryStore source = new();
        byte[] layer = new byte[3 << 20];
        new Random(1).NextBytes(layer);
        Descriptor layerDescriptor = Descriptor.ForContent(MediaTypes.LayerGzip, layer);
        await source.WriteAsync(layerDescriptor, new MemoryStream(layer), Cancellation);
        byte[] config = ImageConfig.Empty.RawBytes.ToArray();
        await source.WriteAsync(ImageConfig.Empty.Descriptor, new MemoryStream(config), Cancellation);
        ImageManifest manifest = ImageManifest.Create(ImageConfig.Empty.Descriptor, layerDescriptor);
        await source.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), Cancellation);

        using RegistryClient client = new();
        RemoteRepository target = client.GetRepository(Server.Address, RepositoryName.Parse("team/api"));
        await source.CopyAsync(manifest.Descriptor, target, "1.0", cancellationToken: Cancellation);
        Assert.Equal(layer, await Server.GetBytesAsync($"/v2/team/api/blobs/{layerDescriptor.Digest}"));
        Assert.Equal(manifest.RawBytes.ToArray(), await Server.GetBytesAsync("/v2/team/api/manifests/1.0"));
    }
}

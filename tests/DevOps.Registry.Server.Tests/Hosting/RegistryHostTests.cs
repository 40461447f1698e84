using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
    public async Task StartAsync_Certificate_SpeaksTlsAndNothingElse()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = directory.Path, Certificate = certificate }, cancellationToken: Cancellation);
        using HttpClient http = new(new SocketsHttpHandler
        {
            SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() },
        });

        Digest digest = Digest.Compute("{}"u8);
        using StringContent content = new("{}");
        using HttpResponseMessage pushed = await http.PostAsync(new Uri($"https://{host.Address}/v2/a/blobs/uploads/?digest={digest}"), content, Cancellation);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal("{}", await http.GetStringAsync(new Uri(new Uri($"https://{host.Address}"), pushed.Headers.Location!), Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://{host.Address}/v2/"), Cancellation));

        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        Assert.Throws<ArgumentException>(() => new RegistryHostOptions { Directory = "x", Certificate = keyless });
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
    public async Task StartAsync_NoOptions_KeepsContentUntilItIsDisposed()
    {
        string directory;
        await using (RegistryHost host = await RegistryHost.StartAsync(cancellationToken: Cancellation))
        {
            directory = host.Storage.Directory;
            using RegistryClient client = new();
            RemoteRepository repository = client.GetRepository(host.Address, RepositoryName.Parse("a"));
            Descriptor blob = Descriptor.ForContent(MediaTypes.OctetStream, "blob"u8);
            await repository.WriteAsync(blob, new MemoryStream("blob"u8.ToArray()), Cancellation);
            Assert.Equal("blob"u8.ToArray(), (await repository.ReadAllBytesAsync(blob, cancellationToken: Cancellation)).ToArray());
            await using RegistryHost another = await RegistryHost.StartAsync(cancellationToken: Cancellation);
            Assert.NotEqual(directory, another.Storage.Directory);
        }

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void Directory_EmptyText_IsRefused() => Assert.Throws<ArgumentException>(() => new RegistryHostOptions { Directory = "" });

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

using System.Net;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Testing;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Source: OCI distribution-spec 1.1, "Pushing Manifests".</summary>
public sealed class ManifestPushTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_RegistryThatFiledOtherBytes_IsFound()
    {
        using RegistryFixture fixture = Answering(RegistryFixture.Blob.Digest.ToString());
        DigestMismatchException error = await Assert.ThrowsAsync<DigestMismatchException>(() => WriteAsync(fixture, RegistryFixture.Manifest));
        Assert.Equal((RegistryFixture.Manifest, RegistryFixture.Blob.Digest), (error.Expected, error.Actual));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:short")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    public async Task WriteAsync_NoDigestInTheAnswer_IsTaken(string? digest)
    {
        using RegistryFixture fixture = Answering(digest);
        await WriteAsync(fixture, RegistryFixture.Manifest);
    }

    [Fact]
    public async Task WriteAsync_DigestOfAnotherAlgorithm_IsOfTheSameBytes()
    {
        Descriptor manifest = new(MediaTypes.ImageIndex, Digest.Compute(RegistryFixture.ManifestBytes, DigestAlgorithm.Sha512), RegistryFixture.ManifestBytes.Length);
        using RegistryFixture fixture = Answering(RegistryFixture.Manifest.Digest.ToString());
        await WriteAsync(fixture, manifest);
    }

    [Theory] // Source: the advisory of CVE-2021-41190; RFC 8259, section 4, on names that stand twice.
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"config":{}}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"manifests":[]}""")]
    public async Task WriteAsync_DocumentThatCouldBeTakenForAnother_IsNotSent(string text)
    {
        using RegistryFixture fixture = Answering(null);
        byte[] bytes = Sample.Bytes(text);
        Descriptor manifest = Descriptor.ForContent(MediaTypes.ImageIndex, bytes);
        await Assert.ThrowsAsync<InvalidContentException>(() => fixture.Repository.WriteAsync(manifest, new MemoryStream(bytes), Cancellation));
        Assert.Empty(fixture.Requests);
    }

    [Fact]
    public async Task WriteAsync_TooLargeForTheRegistry_SaysSo()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.RequestEntityTooLarge));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => WriteAsync(fixture, RegistryFixture.Manifest));
        Assert.Contains("smaller", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteTaggedAsync_Manifest_IsOneRequest()
    {
        using RegistryFixture fixture = Answering(RegistryFixture.Manifest.Digest.ToString());
        await fixture.Repository.WriteTaggedAsync(RegistryFixture.Manifest, new MemoryStream(RegistryFixture.ManifestBytes), "1.4", Cancellation);
        SentRequest put = Assert.Single(fixture.Requests);
        Assert.Equal((HttpMethod.Put, "/v2/team/api/manifests/1.4", MediaTypes.ImageIndex), (put.Method, put.Address.PathAndQuery, put.ContentType));
        Assert.Equal(RegistryFixture.ManifestBytes, put.Body);
    }

    [Theory]
    [InlineData(StoreKind.EmbeddedRegistry)]
    [InlineData(StoreKind.DockerRegistry)]
    public async Task WriteTaggedAsync_Registry_HoldsItByTagAndDigest(StoreKind kind)
    {
        await using OpenStore open = await OpenStore.OpenAsync(kind, Cancellation);
        RemoteRepository repository = (RemoteRepository)open.Store;
        MemoryStore source = new();
        ImageManifest image = await Sample.WriteImageAsync(source, "tagged", Cancellation);
        await source.CopyAsync(image.Descriptor, repository, "1.4", cancellationToken: Cancellation);
        Assert.Equal(image.Descriptor, await repository.ResolveAsync("1.4", Cancellation));
        Assert.Equal(image.Descriptor, await repository.ResolveAsync(image.Digest.ToString(), Cancellation));
    }

    [Fact]
    public async Task WriteTaggedAsync_Sha512_IsHeldByThatDigestToo()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        Descriptor manifest = new(MediaTypes.ImageIndex, Digest.Compute(RegistryFixture.ManifestBytes, DigestAlgorithm.Sha512), RegistryFixture.ManifestBytes.Length);
        await repository.WriteTaggedAsync(manifest, new MemoryStream(RegistryFixture.ManifestBytes), "1.4", Cancellation);
        Assert.Equal(manifest, await repository.ResolveAsync(manifest.Digest.ToString(), Cancellation));
        Assert.NotNull(await repository.ResolveAsync("1.4", Cancellation));
    }

    [Fact]
    public async Task WriteTaggedAsync_BlobOrMalformedTag_SendsNothing()
    {
        using RegistryFixture fixture = Answering(null);
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Repository.WriteTaggedAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), "1", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Repository.WriteTaggedAsync(RegistryFixture.Manifest, new MemoryStream(RegistryFixture.ManifestBytes), "../x", Cancellation));
        Assert.Empty(fixture.Requests);
    }

    private static Task WriteAsync(RegistryFixture fixture, Descriptor manifest) => fixture.Repository.WriteAsync(manifest, new MemoryStream(RegistryFixture.ManifestBytes), Cancellation);

    private static RegistryFixture Answering(string? digest) => new(_ => ScriptedHandler.Answer(HttpStatusCode.Created, headers: digest is null ? [] : [("Docker-Content-Digest", digest)]));
}

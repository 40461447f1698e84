using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Registry.Tests.Http;
using DevOps.Testing;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Source of what is expected: OCI distribution-spec 1.1, "Pushing Manifests with Subject" and "Referrers Tag Schema".</summary>
public sealed class ReferrersTagTests
{
    private static readonly Descriptor Subject = Descriptor.ForContent(MediaTypes.ImageManifest, "subject"u8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string TagPath => $"/v2/team/api/manifests/sha256-{Subject.Digest.Hex}";

    [Fact]
    public async Task WriteAsync_RegistryWithoutReferrers_KeepsTheTagInstead()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await StartOldAsync(temporary);
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        Descriptor subject = (await Sample.WriteImageAsync(repository, "subject", Cancellation)).Descriptor;
        ImageManifest signature = await Sample.WriteImageAsync(repository, "signature", Cancellation, subject);
        ImageManifest again = await Sample.WriteImageAsync(repository, "signature", Cancellation, subject);
        ImageManifest other = await Sample.WriteImageAsync(repository, "sbom", Cancellation, subject);

        Assert.Equal(signature.Digest, again.Digest);
        Assert.Equal([signature.Digest, other.Digest], await ListAsync(repository, subject.Digest));
        Descriptor index = await repository.ResolveAsync($"sha256-{subject.Digest.Hex}", Cancellation) ?? throw new InvalidOperationException("There is no such tag.");
        Assert.Equal(MediaTypes.ImageIndex, index.MediaType);
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnce_LosesNone()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await StartOldAsync(temporary);
        using RegistryClient client = new();
        Descriptor subject = (await Sample.WriteImageAsync(client.GetRepository($"{host.Address}/team/api"), "subject", Cancellation)).Descriptor;
        ImageManifest[] written = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Sample.WriteImageAsync(client.GetRepository($"{host.Address}/team/api"), $"referrer {i}", Cancellation, subject)));
        Assert.Equal(written.Select(manifest => manifest.Digest.ToString()).Order(), (await ListAsync(client.GetRepository($"{host.Address}/team/api"), subject.Digest)).Select(digest => digest.ToString()).Order());
    }

    [Fact]
    public async Task WriteAsync_RegistryWithReferrers_KeepsNoTag()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        Descriptor subject = (await Sample.WriteImageAsync(repository, "subject", Cancellation)).Descriptor;
        await Sample.WriteImageAsync(repository, "signature", Cancellation, subject);
        Assert.Null(await repository.ResolveAsync($"sha256-{subject.Digest.Hex}", Cancellation));
    }

    [Fact] // Source: sigstore-js issue 1183: a registry said OCI-Subject and had no list.
    public async Task WriteAsync_SubjectIsSaidAndThereIsNoList_KeepsTheTagInstead()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Referrers));
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository($"{host.Address}/team/api");
        Descriptor subject = (await Sample.WriteImageAsync(repository, "subject", Cancellation)).Descriptor;
        ImageManifest signature = await Sample.WriteImageAsync(repository, "signature", Cancellation, subject);
        Assert.Equal([signature.Digest], await ListAsync(repository, subject.Digest));
    }

    [Theory]
    [InlineData("application/sbom", "application/sbom")]
    [InlineData("", MediaTypes.ImageConfig)]
    [InlineData(null, MediaTypes.ImageConfig)]
    public void Entry_Image_HasAKindAndTheAnnotations(string? artifactType, string expected)
    {
        ImageManifest manifest = ImageManifest.Create(Descriptor.ForContent(MediaTypes.ImageConfig, "{}"u8)).Edit(tree => tree["artifactType"] = artifactType).WithAnnotations([new("a", "b")]);
        Descriptor entry = ReferrersTag.Entry(manifest, manifest.Descriptor with { Platform = Platform.LinuxAmd64 });
        Assert.Equal((expected, "b", null), (entry.ArtifactType, entry.Annotations["a"], entry.Platform));
    }

    [Fact]
    public void Entry_Index_HasNoKindWithoutAType() => Assert.Null(ReferrersTag.Entry(ImageIndex.Create(), ImageIndex.Create().Descriptor).ArtifactType);

    [Fact]
    public void NameOf_Sha512_IsCutToATag()
    {
        Digest digest = Digest.Compute("x"u8, DigestAlgorithm.Sha512);
        Assert.Equal($"sha512-{digest.Hex[..64]}", ReferrersTag.NameOf(digest));
    }

    [Fact]
    public async Task WriteAsync_AnotherWriterReplacedTheList_AddsAgain()
    {
        ImageManifest manifest = Referrer();
        string? stored = null;
        int puts = 0;
        using RegistryFixture fixture = new(request =>
        {
            if (request.Address.AbsolutePath != TagPath)
            {
                return ScriptedHandler.Answer(HttpStatusCode.Created);
            }

            if (request.Method == HttpMethod.Put)
            {
                // The first write is lost: another writer, who had read before it, wrote after it.
                stored = ++puts == 1 ? ImageIndex.Create(Descriptor.ForContent(MediaTypes.ImageManifest, "theirs"u8)).ToString() : request.Text;
                return ScriptedHandler.Answer(HttpStatusCode.Created);
            }

            return stored is null ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : ScriptedHandler.Answer(HttpStatusCode.OK, stored, MediaTypes.ImageIndex);
        });
        await WriteAsync(fixture, manifest);
        Assert.Equal(2, puts);
        Assert.Equal(2, ((JsonArray)JsonNode.Parse(stored!)!["manifests"]!).Count);
    }

    [Fact]
    public async Task WriteAsync_EntityTag_IsTheCondition()
    {
        ImageManifest manifest = Referrer();
        string stored = ImageIndex.Create().ToString();
        int version = 1;
        using RegistryFixture fixture = new(request =>
        {
            if (request.Address.AbsolutePath != TagPath)
            {
                return ScriptedHandler.Answer(HttpStatusCode.Created);
            }

            if (request.Method == HttpMethod.Get)
            {
                return ScriptedHandler.Answer(HttpStatusCode.OK, stored, MediaTypes.ImageIndex, ("ETag", $"\"{version}\""));
            }

            if (version == 1)
            {
                version = 2;
                return ScriptedHandler.Answer(HttpStatusCode.PreconditionFailed);
            }

            stored = request.Text;
            return ScriptedHandler.Answer(HttpStatusCode.Created);
        });
        await WriteAsync(fixture, manifest);
        Assert.Equal(["\"1\"", "\"2\""], fixture.Requests.Where(request => request.Method == HttpMethod.Put && request.Address.AbsolutePath == TagPath).Select(request => request.Message.Headers.IfMatch.ToString()));
    }

    [Fact]
    public async Task WriteAsync_ListIsReplacedEveryTime_Throws()
    {
        using RegistryFixture fixture = new(request => request.Address.AbsolutePath == TagPath && request.Method == HttpMethod.Get ? ScriptedHandler.Answer(HttpStatusCode.NotFound) : ScriptedHandler.Answer(HttpStatusCode.Created));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => WriteAsync(fixture, Referrer()));
        Assert.Contains("another writer", error.Message, StringComparison.Ordinal);
    }

    private static ImageManifest Referrer() => ImageManifest.Create(Descriptor.ForContent(MediaTypes.ImageConfig, "{}"u8)).Edit(tree => tree["subject"] = Subject.ToJson());

    private static Task WriteAsync(RegistryFixture fixture, ImageManifest manifest) => fixture.Repository.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), Cancellation);

    // As the distribution project's registry: it knows nothing of subjects.
    private static async Task<RegistryHost> StartOldAsync(TemporaryDirectory temporary)
    {
        RegistryHost host = await RegistryHost.StartAsync(new() { Directory = temporary.PathOf("registry") }, cancellationToken: Cancellation);
        host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Referrers));
        host.Faults.Add(Fault.WithoutHeaders("OCI-Subject").On(RegistryRequestKind.Manifest));
        return host;
    }

    private static async Task<Digest[]> ListAsync(RemoteRepository repository, Digest subject)
    {
        List<Digest> found = [];
        await foreach (Descriptor referrer in repository.ListReferrersAsync(subject, cancellationToken: Cancellation))
        {
            found.Add(referrer.Digest);
        }

        return [.. found];
    }
}

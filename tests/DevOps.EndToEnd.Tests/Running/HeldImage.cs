using DevOps.Oci;
using DevOps.Registry;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>A registry in this process that holds an image, and what the command line is asked about it.</summary>
public sealed class HeldImage : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private RegistryHost _host = null!;

    internal string Address => _host.Address.ToString();

    internal RegistryFaults Faults => _host.Faults;

    internal string Directory => _directory.Path;

    internal string Name => $"{Address}/team/api";

    internal Descriptor Image { get; private set; } = null!;

    internal Descriptor Index { get; private set; } = null!;

    internal Descriptor Bom { get; private set; } = null!;

    internal Descriptor Signature { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await RegistryHost.StartAsync(new() { Directory = Path.Combine(_directory.Path, "data") }, cancellationToken: TestContext.Current.CancellationToken);
        using RegistryClient client = new();
        RemoteRepository repository = client.GetRepository(Name);
        ImageConfig config = ImageConfig.ForPlatform(new("linux", "amd64")).WithCreated(DateTimeOffset.UnixEpoch).WithLabel("org.example.team", "blue").WithEntrypoint("/app/run", "two words").WithEnv("MODE", "test");
        Descriptor layer = await WriteAsync(repository, MediaTypes.LayerGzip, new byte[3 << 10]);
        config = config.WithLayer(Digest.Compute("tar"u8), new() { CreatedBy = "COPY app" });
        Descriptor written = await WriteAsync(repository, config.MediaType, config.RawBytes);
        ManifestDocument image = ImageManifest.Create(written, layer);
        Image = await WriteAsync(repository, image.MediaType, image.RawBytes);
        await repository.TagAsync(Image, "1", TestContext.Current.CancellationToken);
        await repository.TagAsync(Image, "2", TestContext.Current.CancellationToken);
        await repository.TagAsync(Image, "3", TestContext.Current.CancellationToken);
        ManifestDocument index = ImageIndex.Create(Image with { Platform = new("linux", "amd64") });
        Index = await WriteAsync(repository, index.MediaType, index.RawBytes);
        await repository.TagAsync(Index, "all", TestContext.Current.CancellationToken);
        Descriptor empty = await WriteAsync(repository, Descriptor.EmptyJson.MediaType, "{}"u8.ToArray());
        Bom = await ReferAsync(repository, empty, "application/spdx+json", Image);
        Signature = await ReferAsync(repository, empty, "application/example.signature", Bom);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task<Descriptor> WriteAsync(RemoteRepository repository, string mediaType, ReadOnlyMemory<byte> bytes)
    {
        Descriptor descriptor = Descriptor.ForContent(mediaType, bytes.Span);
        using MemoryStream content = new(bytes.ToArray());
        await repository.WriteAsync(descriptor, content, TestContext.Current.CancellationToken);
        return descriptor;
    }

    private static Task<Descriptor> ReferAsync(RemoteRepository repository, Descriptor empty, string type, Descriptor subject)
    {
        ImageManifest manifest = ImageManifest.Create(empty, empty).Edit(json =>
        {
            json["artifactType"] = type;
            json["subject"] = subject.ToJson();
            json["annotations"] = new System.Text.Json.Nodes.JsonObject { ["org.example.by"] = "robot" };
        });
        return WriteAsync(repository, manifest.MediaType, manifest.RawBytes);
    }
}

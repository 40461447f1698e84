using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>What is moved: an index of two images with layers large and small, and an artifact about the index.</summary>
internal sealed class MatrixImage
{
    internal const string Tag = "v1";
    internal const int ChunkBytes = 100_000;

    private MatrixImage(MemoryStore store, Descriptor root, Descriptor child, Descriptor artifact) => (Store, Root, Child, Artifact) = (store, root, child, artifact);

    internal MemoryStore Store { get; }

    internal Descriptor Root { get; }

    internal Descriptor Child { get; }

    internal Descriptor Artifact { get; }

    internal static async Task<MatrixImage> CreateAsync(int seed, CancellationToken cancellationToken)
    {
        MemoryStore store = new();
        Random random = new(seed);
        Descriptor shared = await WriteAsync(random.Next(200, 2000));
        Descriptor large = await WriteAsync((2 * ChunkBytes) + 5000);
        ImageManifest one = await WriteManifestAsync(ImageManifest.Create(await ConfigAsync("amd64"), shared, large));
        ImageManifest two = await WriteManifestAsync(ImageManifest.Create(await ConfigAsync("arm64"), shared));
        ImageIndex index = ImageIndex.Create(one.Descriptor with { Platform = Platform.LinuxAmd64 }, two.Descriptor with { Platform = Platform.LinuxArm64 });
        await store.WriteAsync(index.Descriptor, new MemoryStream(index.RawBytes.ToArray()), cancellationToken);
        byte[] empty = "{}"u8.ToArray();
        Descriptor config = Descriptor.ForContent(MediaTypes.EmptyJson, empty);
        await store.WriteAsync(config, new MemoryStream(empty), cancellationToken);
        Descriptor content = await WriteAsync(300);
        ImageManifest artifact = await WriteManifestAsync(ImageManifest.Create(config, content).Edit(tree => (tree["artifactType"], tree["subject"]) = ("application/vnd.example", index.Descriptor.ToJson())));
        await store.TagAsync(index.Descriptor, Tag, cancellationToken);
        return new(store, index.Descriptor, one.Descriptor, artifact.Descriptor);

        async Task<Descriptor> WriteAsync(int lengthBytes)
        {
            byte[] bytes = new byte[lengthBytes];
            random.NextBytes(bytes);
            Descriptor descriptor = Descriptor.ForContent(MediaTypes.LayerGzip, bytes);
            await store.WriteAsync(descriptor, new MemoryStream(bytes), cancellationToken);
            return descriptor;
        }

        async Task<Descriptor> ConfigAsync(string architecture)
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes($$$"""{"architecture":"{{{architecture}}}","os":"linux","author":"{{{seed}}}{{{new string('x', 100)}}}","rootfs":{"type":"layers","diff_ids":[]}}""");
            Descriptor descriptor = Descriptor.ForContent(MediaTypes.ImageConfig, bytes);
            await store.WriteAsync(descriptor, new MemoryStream(bytes), cancellationToken);
            return descriptor;
        }

        async Task<ImageManifest> WriteManifestAsync(ImageManifest manifest)
        {
            await store.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), cancellationToken);
            return manifest;
        }
    }

    /// <summary>Pushes all of it.</summary>
    internal async Task PushAsync(RemoteRepository target, CancellationToken cancellationToken)
    {
        CopyOptions one = new() { MaxConcurrency = 1 };
        await Store.CopyAsync(Root, target, Tag, one, cancellationToken: cancellationToken);
        await Store.CopyAsync(Artifact, target, options: one, cancellationToken: cancellationToken);
    }
}

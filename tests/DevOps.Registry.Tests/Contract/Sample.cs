using System.Text;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Contract;

/// <summary>Content that tests write into stores.</summary>
internal static class Sample
{
    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static Descriptor Blob(byte[] bytes, DigestAlgorithm algorithm = DigestAlgorithm.Sha256) =>
        new(MediaTypes.LayerGzip, Digest.Compute(bytes, algorithm), bytes.Length);

    internal static async Task<Descriptor> WriteAsync(IContentStore store, string mediaType, byte[] bytes, CancellationToken cancellationToken)
    {
        Descriptor descriptor = Descriptor.ForContent(mediaType, bytes);
        await store.WriteAsync(descriptor, new MemoryStream(bytes), cancellationToken);
        return descriptor;
    }

    /// <summary>Writes an image of one layer.</summary>
    internal static async Task<ImageManifest> WriteImageAsync(IContentStore store, string name, CancellationToken cancellationToken, Descriptor? subject = null)
    {
        Descriptor config = await WriteAsync(store, MediaTypes.ImageConfig, Bytes($$$"""{"architecture":"amd64","os":"linux","author":"{{{name}}}","rootfs":{"type":"layers","diff_ids":[]}}"""), cancellationToken);
        Descriptor layer = await WriteAsync(store, MediaTypes.LayerGzip, Bytes(name + ", a layer"), cancellationToken);
        ImageManifest manifest = ImageManifest.Create(config, layer);
        if (subject is not null)
        {
            manifest = manifest.Edit(tree => tree["subject"] = subject.ToJson());
        }

        await store.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), cancellationToken);
        return manifest;
    }

    /// <summary>Writes an index of two images, and an index around it.</summary>
    internal static async Task<ImageIndex> WriteNestedIndexAsync(IContentStore store, CancellationToken cancellationToken)
    {
        ImageManifest one = await WriteImageAsync(store, "one", cancellationToken);
        ImageManifest two = await WriteImageAsync(store, "two", cancellationToken);
        ImageIndex inner = ImageIndex.Create(one.Descriptor with { Platform = Platform.LinuxAmd64 }, two.Descriptor with { Platform = Platform.LinuxArm64 });
        await store.WriteAsync(inner.Descriptor, new MemoryStream(inner.RawBytes.ToArray()), cancellationToken);
        ImageIndex outer = ImageIndex.Create(inner.Descriptor, one.Descriptor);
        await store.WriteAsync(outer.Descriptor, new MemoryStream(outer.RawBytes.ToArray()), cancellationToken);
        return outer;
    }
}

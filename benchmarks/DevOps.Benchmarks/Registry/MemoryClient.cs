using System.Globalization;
using DevOps.Benchmarks.Comparison;
using DevOps.Oci;
using DevOps.Registry;

namespace DevOps.Benchmarks.Registries;

/// <summary>A client in a process of its own: it pushes and pulls a small image, and then blobs of any size, all at once, that are made while they are sent and thrown away while they are verified.</summary>
internal sealed class MemoryClient(RemoteRepository repository)
{
    internal const string Repository = "bench/memory";

    internal const string Small = "small";

    internal const string Large = "large";

    private const int BufferBytes = 1 << 17;

    /// <summary>Writes the peak of its memory after a small request, waits for a line, does the work, and writes the peak again.</summary>
    internal static async Task RunAsync(string registry, int blobs, long blobBytes)
    {
        using RegistryClient client = new(new()
        {
            Registries = RegistryClientOptions.Default.Registries.Add(RegistryAddress.Parse(registry), new() { MaxConcurrentRequests = Math.Max(blobs, RegistryConnectionOptions.Default.MaxConcurrentRequests) }),
        });
        MemoryClient work = new(client.GetRepository(RegistryAddress.Parse(registry), RepositoryName.Parse(Repository)));
        await work.MoveAsync(1, 1 << 10, Small);
        Tell();
        _ = Console.ReadLine();
        await work.MoveAsync(blobs, blobBytes, Large);
        Tell();
    }

    private static void Tell() => Console.WriteLine(PeakMemory.OfThis.ToString(CultureInfo.InvariantCulture));

    private async Task MoveAsync(int blobs, long blobBytes, string tag)
    {
        Descriptor[] layers = await Task.WhenAll(Enumerable.Range(0, blobs).Select(seed => Task.Run(() => MoveBlobAsync(blobBytes, seed))));
        byte[] config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"u8.ToArray();
        Descriptor configuration = Descriptor.ForContent(MediaTypes.ImageConfig, config);
        await repository.WriteAsync(configuration, new MemoryStream(config));
        ImageManifest manifest = ImageManifest.Create(configuration, [.. layers]);
        await repository.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()));
        await repository.TagAsync(manifest.Descriptor, tag);
    }

    private async Task<Descriptor> MoveBlobAsync(long blobBytes, int seed)
    {
        Descriptor descriptor = new(MediaTypes.LayerGzip, Hash(blobBytes, seed), blobBytes);
        await repository.WriteAsync(descriptor, new MadeStream(blobBytes, seed));
        await using Stream content = await repository.OpenReadAsync(descriptor);
        await content.CopyToAsync(Stream.Null, BufferBytes);
        return descriptor;
    }

    private static Digest Hash(long blobBytes, int seed)
    {
        using MadeStream content = new(blobBytes, seed);
        using DigestBuilder digest = new();
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = content.Read(buffer, 0, buffer.Length)) > 0)
        {
            digest.Append(buffer.AsSpan(0, read));
        }

        return digest.ToDigest();
    }
}

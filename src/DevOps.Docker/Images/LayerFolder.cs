using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>The built layers of one image, as files in a folder of their own that goes away with the image.</summary>
internal sealed class LayerFolder : IContentSource, IDisposable
{
    private readonly string _path;

    private LayerFolder(string path) => _path = path;

    internal static LayerFolder Create(string workDirectory)
    {
        string path = Path.Combine(Path.GetFullPath(workDirectory), "devops-image-" + Path.GetRandomFileName());
        Directory.CreateDirectory(path);
        return new(path);
    }

    /// <summary>Builds layers, into files or into a store that takes them while they are made.</summary>
    internal async Task<ImmutableArray<BuiltLayer>> BuildAsync(
        ImmutableArray<Layer> layers, bool docker, IContentReceiver? receiver, ImageBuildOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        BuiltLayer[] built = new BuiltLayer[layers.Length];
        await Parallel.ForAsync(
            0,
            layers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxConcurrency, CancellationToken = cancellationToken },
            async (i, cancellation) => built[i] = await BuildAsync(layers[i], docker, receiver, options.Layers, progress, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return ImmutableArray.Create(built);
    }

    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileStream file = new(PathOf(descriptor.Digest), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Task.FromResult<Stream>(new VerifyingStream(file, descriptor, "the built layer on disk"));
    }

    internal bool Holds(Descriptor descriptor) => File.Exists(PathOf(descriptor.Digest));

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private async Task<BuiltLayer> BuildAsync(
        Layer layer, bool docker, IContentReceiver? receiver, LayerOptions options, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        string partial = Path.Combine(_path, Path.GetRandomFileName() + ".partial");

        // What is made again after a break must be there again: entries that come one by one may not.
        BuiltLayer built = receiver is not null && layer.IsRepeatable
            ? await LayerWriter.SendAsync(layer, receiver, partial, options, progress, cancellationToken).ConfigureAwait(false)
            : await LayerWriter.WriteFileAsync(layer, partial, options, progress, cancellationToken).ConfigureAwait(false);
        if (File.Exists(partial))
        {
            // Two equal layers are one file; what is one already is not moved.
            File.Move(partial, PathOf(built.Descriptor.Digest), overwrite: true);
            File.Delete(partial);
        }

        return docker
            ? built with { Descriptor = new(DockerMediaType(built.Descriptor), built.Descriptor.Digest, built.Descriptor.SizeBytes) }
            : built;
    }

    // Docker's own family has no type for zstd; the OCI type is what runtimes know there.
    private static string DockerMediaType(Descriptor layer) => layer.MediaType switch
    {
        MediaTypes.LayerGzip => MediaTypes.DockerLayerGzip,
        MediaTypes.Layer => MediaTypes.DockerLayer,
        _ => layer.MediaType,
    };

    private string PathOf(Digest digest) => Path.Combine(_path, digest.Hex);
}

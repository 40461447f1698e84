using System.Text.Json.Nodes;
using DevOps.Archives;
using DevOps.Archives.Tar;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Writes an archive that <c>docker load</c> takes and that is an OCI layout too. Complete it when everything was written; disposing without that leaves no file.</summary>
/// <remarks>
/// Content goes into the archive in the order it is written, one at a time: copy with <see cref="CopyOptions.MaxConcurrency"/> 1 for the same bytes each time.
/// After a failed write the archive cannot be completed. Memory: the documents of images, below 4 MiB each.
/// </remarks>
public sealed class DockerArchiveWriter : IContentStore, ITagStore, IRootStore, IAsyncDisposable
{
    private readonly AtomicFile _file;
    private readonly TarArchiveWriter _tar;
    private readonly ImageReference? _name;
    private readonly SemaphoreSlim _lock = new(1);
    private readonly HashSet<Digest> _written = [];
    private readonly Dictionary<Digest, ManifestDocument> _manifests = [];
    private readonly List<Descriptor> _roots = [];
    private bool _broken;

    private DockerArchiveWriter(AtomicFile file, ImageReference? name) => (_file, _tar, _name) = (file, new(file.Content), name);

    /// <summary>Starts an archive.</summary>
    /// <param name="path">The archive's file; its directory must exist. A file that is there is replaced when the archive is complete.</param>
    /// <param name="name">The name that the engine gives the images, each with its own tag if it has one; <see langword="null"/> for none.</param>
    public static DockerArchiveWriter Create(string path, ImageReference? name = null) => new(AtomicFile.Create(path), name);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: complete the archive and open it.</exception>
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("An archive cannot be read while it is written: complete it, then open it with DockerArchive.OpenAsync.");

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        lock (_written)
        {
            return ValueTask.FromResult(_written.Contains(descriptor.Digest));
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(content);
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await ContainsAsync(descriptor, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            bool wasBroken = _broken;
            _broken = true;
            using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to write");
            await WriteBlobAsync(descriptor, verifying, cancellationToken).ConfigureAwait(false);
            _broken = wasBroken;
            lock (_written)
            {
                _written.Add(descriptor.Digest);
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>The archive keeps no tags of its own: its one name is given when it is started.</remarks>
    public ValueTask<Descriptor?> ResolveAsync(string reference, CancellationToken cancellationToken = default) => ValueTask.FromResult<Descriptor?>(null);

    /// <inheritdoc/>
    public async Task TagAsync(Descriptor manifest, string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        TagRules.Check(tag);
        await AddRootAsync(manifest with { Annotations = manifest.Annotations.SetItem(OciLayout.RefName, tag) }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task AddRootAsync(Descriptor root, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_manifests.ContainsKey(root.Digest))
            {
                throw new ContentNotFoundException("the archive", root.Digest.ToString());
            }

            string? tag = root.Annotations.GetValueOrDefault(OciLayout.RefName);
            if (!_roots.Any(listed => listed.Digest == root.Digest && listed.Annotations.GetValueOrDefault(OciLayout.RefName) == tag))
            {
                _roots.Add(root);
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Writes what tells readers where everything is, and gives the archive its name on disk.</summary>
    /// <param name="cancellationToken">Stops the writing; the archive is then not there.</param>
    /// <exception cref="InvalidOperationException">A write failed before, or nothing was written.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CompleteCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lock.Release();
        }
    }

    private async Task CompleteCoreAsync(CancellationToken cancellationToken)
    {
        if (_broken || _roots.Count == 0)
        {
            throw new InvalidOperationException(_broken ? "The archive cannot be completed: a write to it failed." : "The archive cannot be completed: no image was written to it.");
        }

        _broken = true;
        await WriteFileAsync(OciLayout.IndexName, ImageIndex.Create(_roots).RawBytes.ToArray(), cancellationToken).ConfigureAwait(false);
        await WriteFileAsync("manifest.json", DockerManifests(), cancellationToken).ConfigureAwait(false);
        await WriteFileAsync(OciLayout.MarkerName, System.Text.Encoding.UTF8.GetBytes(OciLayout.MarkerText), cancellationToken).ConfigureAwait(false);
        await _tar.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _file.Commit();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    private async Task WriteBlobAsync(Descriptor descriptor, Stream verifying, CancellationToken cancellationToken)
    {
        if (MediaTypes.IsManifest(descriptor.MediaType))
        {
            byte[] bytes = await ManifestBytes.ReadAsync(verifying, descriptor, cancellationToken).ConfigureAwait(false);
            _manifests[descriptor.Digest] = ManifestDocument.Parse(bytes, descriptor.MediaType);
            await WriteFileAsync(NameOf(descriptor.Digest), bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        await _tar.WriteAsync(new(NameOf(descriptor.Digest), TarMemberKind.File) { LengthBytes = descriptor.SizeBytes }, verifying, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteFileAsync(string name, byte[] bytes, CancellationToken cancellationToken) =>
        await _tar.WriteAsync(new(name, TarMemberKind.File) { LengthBytes = bytes.Length }, new MemoryStream(bytes, writable: false), cancellationToken).ConfigureAwait(false);

    private byte[] DockerManifests()
    {
        JsonArray list = [];
        foreach (IGrouping<Digest, Descriptor> root in _roots.GroupBy(root => root.Digest))
        {
            if (ImageOf(_manifests[root.Key]) is { } image)
            {
                JsonArray layers = [];
                foreach (Descriptor layer in image.Layers)
                {
                    layers.Add((JsonNode?)JsonValue.Create(NameOf(layer.Digest)));
                }

                JsonArray names = [];
                foreach (string name in root.Select(NameOf).OfType<string>().Distinct())
                {
                    names.Add((JsonNode?)JsonValue.Create(name));
                }

                list.Add((JsonNode)new JsonObject { ["Config"] = NameOf(image.Config.Digest), ["RepoTags"] = names, ["Layers"] = layers });
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(list.ToJsonString());
    }

    // Engines that read manifest.json take one platform: of an index, the one that most machines have, or else the first.
    private ImageManifest? ImageOf(ManifestDocument document) => document switch
    {
        // A signature is no image, and an engine that meets one here refuses the whole archive.
        ImageManifest image => IsImage(image) ? image : null,
        ImageIndex index when (index.FindManifest(Platform.LinuxAmd64) ?? index.Manifests.FirstOrDefault()) is { } chosen && _manifests.TryGetValue(chosen.Digest, out ManifestDocument? child) => ImageOf(child),
        _ => null,
    };

    private static bool IsImage(ImageManifest manifest) =>
        manifest.Config.MediaType is MediaTypes.ImageConfig or MediaTypes.DockerConfig && manifest.Layers.All(layer => MediaTypes.IsLayer(layer.MediaType));

    // The tag that an image was given decides; without one, that of the archive's name.
    private string? NameOf(Descriptor root) => _name is not { } name ? null
        : new ImageReference(name.Registry, name.Repository, root.Annotations.GetValueOrDefault(OciLayout.RefName) ?? name.Tag ?? ImageReference.DefaultTag).ToFamiliarString();

    private static string NameOf(Digest digest) => $"blobs/{digest.AlgorithmName}/{digest.Hex}";
}

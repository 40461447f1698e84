using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Chooses images of an index, through nested ones.</summary>
internal sealed class IndexNarrowing(KeptManifests source, PlatformSelection selection, CopyOptions limits)
{
    private const string Unknown = "unknown";
    private const string ReferenceDigest = "vnd.docker.reference.digest";

    private readonly List<Descriptor> _leftOut = [];
    private readonly List<Platform> _chosen = [];
    private readonly List<Platform> _offered = [];
    private int _reads;

    internal ImmutableArray<Descriptor> LeftOut => [.. _leftOut];

    internal ImmutableArray<Platform> Chosen => [.. _chosen.Distinct()];

    /// <summary>Returns what is to be copied in place of the root.</summary>
    internal async Task<Descriptor> ApplyAsync(Descriptor root, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsImageIndex(root.MediaType) || selection.IsAll)
        {
            return root;
        }

        if (selection.IsSingle)
        {
            return await FindAsync(root, 0, cancellationToken).ConfigureAwait(false) ?? throw NothingFits(root);
        }

        return await NarrowAsync(root, 0, cancellationToken).ConfigureAwait(false) ?? throw NothingFits(root);
    }

    private DevOpsException NothingFits(Descriptor root) => new(
        $"Index {root.Digest} holds no image for {string.Join(", ", selection.Platforms)}: it has {(_offered.Count == 0 ? "none with a platform" : string.Join(", ", _offered.Distinct()))}. Choose one of these.");

    private async Task<Descriptor?> FindAsync(Descriptor root, int depth, CancellationToken cancellationToken)
    {
        ImageIndex index = await ReadAsync(root, depth, cancellationToken).ConfigureAwait(false);
        _offered.AddRange(index.Manifests.Select(manifest => manifest.Platform).OfType<Platform>().Where(platform => platform.Os != Unknown));
        Descriptor? found = index.FindManifest(selection.Platforms[0]);
        foreach (Descriptor nested in index.Manifests.Where(manifest => found is null && manifest.Platform is null && MediaTypes.IsImageIndex(manifest.MediaType)))
        {
            found = await FindAsync(nested, depth + 1, cancellationToken).ConfigureAwait(false);
            if (found is not null)
            {
                return found;
            }
        }

        if (found is not null)
        {
            _chosen.Add(found.Platform!);
            _leftOut.AddRange(index.Manifests.Where(manifest => manifest != found));
        }

        return found;
    }

    private async Task<Descriptor?> NarrowAsync(Descriptor root, int depth, CancellationToken cancellationToken)
    {
        ImageIndex index = await ReadAsync(root, depth, cancellationToken).ConfigureAwait(false);
        Descriptor?[] kept = new Descriptor?[index.Manifests.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            Descriptor manifest = index.Manifests[i];
            kept[i] = manifest.Platform is null && MediaTypes.IsImageIndex(manifest.MediaType)
                ? await NarrowAsync(manifest, depth + 1, cancellationToken).ConfigureAwait(false)
                : IsChosen(manifest) ? manifest : null;
        }

        HashSet<string> images = [.. kept.OfType<Descriptor>().Select(manifest => manifest.Digest.ToString())];
        for (int i = 0; i < kept.Length; i++)
        {
            if (kept[i] is null && selection.Attestations == AttestationManifests.Keep && IsAttestation(index.Manifests[i])
                && index.Manifests[i].Annotations.TryGetValue(ReferenceDigest, out string? subject) && images.Contains(subject))
            {
                kept[i] = index.Manifests[i];
            }
        }

        _leftOut.AddRange(index.Manifests.Where((_, i) => kept[i] is null));
        if (images.Count == 0)
        {
            return null;
        }

        if (kept.SequenceEqual(index.Manifests))
        {
            return root;
        }

        ImageIndex narrowed = index.Edit(tree => Replace(tree, kept));
        source.Add(narrowed);
        return narrowed.Descriptor with { Platform = root.Platform, Annotations = root.Annotations };
    }

    private bool IsChosen(Descriptor manifest)
    {
        if (manifest.Platform is not { Os: not Unknown } platform)
        {
            return false;
        }

        _offered.Add(platform);
        bool isChosen = selection.Platforms.Any(asked => asked.Accepts(platform));
        if (isChosen)
        {
            _chosen.Add(platform);
        }

        return isChosen;
    }

    private static bool IsAttestation(Descriptor manifest) => manifest.Platform is { Os: Unknown };

    // From the back, so that the places of those before stay; entries that do not change keep every member.
    private static void Replace(JsonObject tree, Descriptor?[] kept)
    {
        JsonArray manifests = tree["manifests"]!.AsArray();
        for (int i = kept.Length - 1; i >= 0; i--)
        {
            if (kept[i] is not { } descriptor)
            {
                manifests.RemoveAt(i);
            }
            else if (manifests[i]!["digest"]!.GetValue<string>() != descriptor.Digest.ToString())
            {
                manifests[i]!["digest"] = descriptor.Digest.ToString();
                manifests[i]!["size"] = descriptor.SizeBytes;
            }
        }
    }

    // An index may name the same one a thousand times, and that one another as often: content addressing prevents circles, and not this.
    private async Task<ImageIndex> ReadAsync(Descriptor root, int depth, CancellationToken cancellationToken) => depth >= limits.MaxDepth
        ? throw new InvalidContentException($"index {root.Digest}", $"it nests more than {limits.MaxDepth} levels deep")
        : ++_reads > limits.MaxContents ? throw new InvalidContentException($"index {root.Digest}", $"more than {limits.MaxContents} indexes are below it")
        : (ImageIndex)await source.ReadManifestAsync(root, cancellationToken).ConfigureAwait(false);
}

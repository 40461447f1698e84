using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Chooses images of an index, through nested ones. Each index is looked at once, however many ways lead to it: in a few nested ones they can be more than can be counted.</summary>
internal sealed class IndexNarrowing(KeptManifests source, PlatformSelection selection, CopyOptions limits)
{
    private const string Unknown = "unknown";
    private const string ReferenceDigest = "vnd.docker.reference.digest";

    private readonly Dictionary<Descriptor, Descriptor?> _results = [];
    private readonly List<Descriptor> _leftOut = [];
    private readonly List<Platform> _chosen = [];
    private readonly List<Platform> _offered = [];

    internal ImmutableArray<Descriptor> LeftOut => [.. _leftOut];

    internal ImmutableArray<Platform> Chosen => [.. _chosen.Distinct()];

    /// <summary>Returns what is to be copied in place of the root.</summary>
    internal async Task<Descriptor> ApplyAsync(Descriptor root, CancellationToken cancellationToken)
    {
        if (selection.IsAll)
        {
            return root;
        }

        if (!MediaTypes.IsImageIndex(root.MediaType))
        {
            return await StatedPlatform.ReadAsync(source, root, cancellationToken).ConfigureAwait(false) is not { } platform || selection.Platforms.Any(asked => asked.Accepts(platform))
                ? root
                : throw new DevOpsException($"Image {root.Digest} is for {platform} and not for {selection.PlatformsText}, and there is no index that has another. Ask for {platform}, or for no platform to copy it as it is.");
        }

        return await OnceAsync(root, 0, selection.IsSingle ? FindAsync : NarrowAsync, cancellationToken).ConfigureAwait(false) ?? throw NothingFits(root);
    }

    private DevOpsException NothingFits(Descriptor root) => new(
        $"Index {root.Digest} holds no image for {selection.PlatformsText}: it has {(_offered.Count == 0 ? "none with a platform" : string.Join(", ", _offered.Distinct()))}. Choose one of these.");

    private async Task<Descriptor?> OnceAsync(Descriptor root, int depth, Func<Descriptor, ImageIndex, int, CancellationToken, Task<Descriptor?>> work, CancellationToken cancellationToken)
    {
        if (_results.TryGetValue(root, out Descriptor? known))
        {
            return known;
        }

        ImageIndex index = depth >= limits.MaxDepth ? throw new InvalidContentException($"index {root.Digest}", $"it nests more than {limits.MaxDepth} levels deep")
            : _results.Count >= limits.MaxContents ? throw new InvalidContentException($"index {root.Digest}", $"more than {limits.MaxContents} indexes are below the root")
            : (ImageIndex)await source.ReadManifestAsync(root, cancellationToken).ConfigureAwait(false);
        Descriptor? result = await work(root, index, depth, cancellationToken).ConfigureAwait(false);
        _results[root] = result;
        return result;
    }

    private async Task<Descriptor?> FindAsync(Descriptor root, ImageIndex index, int depth, CancellationToken cancellationToken)
    {
        _offered.AddRange(index.Manifests.Select(manifest => manifest.Platform).OfType<Platform>().Where(platform => platform.Os != Unknown));
        Descriptor? found = index.FindManifest(selection.Platforms[0]);
        Descriptor? way = found;
        foreach (Descriptor nested in index.Manifests.Where(manifest => found is null && IsNested(manifest)))
        {
            (found, way) = (await OnceAsync(nested, depth + 1, FindAsync, cancellationToken).ConfigureAwait(false), nested);
        }

        if (found is not null)
        {
            _chosen.Add(found.Platform!);
            _leftOut.AddRange(index.Manifests.Where(manifest => manifest != way));
        }

        return found;
    }

    private async Task<Descriptor?> NarrowAsync(Descriptor root, ImageIndex index, int depth, CancellationToken cancellationToken)
    {
        Descriptor?[] kept = new Descriptor?[index.Manifests.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            Descriptor manifest = index.Manifests[i];
            kept[i] = IsNested(manifest) ? await OnceAsync(manifest, depth + 1, NarrowAsync, cancellationToken).ConfigureAwait(false)
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

    private static bool IsNested(Descriptor manifest) => manifest.Platform is null && MediaTypes.IsImageIndex(manifest.MediaType);

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
            else if (manifests[i]!.AsObject() is { } entry && entry["digest"]!.GetValue<string>() != descriptor.Digest.ToString())
            {
                entry["digest"] = descriptor.Digest.ToString();
                entry["size"] = descriptor.SizeBytes;

                // They are of the old index.
                entry.Remove("data");
                entry.Remove("urls");
            }
        }
    }
}

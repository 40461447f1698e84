using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds referrers among the manifests that an index reaches: those that it lists itself, as oras writes them, and those below the tag that stands for a list of referrers, as regclient does.</summary>
/// <remarks>What was read is remembered, since content does not change: for each manifest its subject, its own line and its children.</remarks>
internal sealed class ListedReferrers(IContentSource source)
{
    private ImmutableDictionary<Digest, Node> _known = ImmutableDictionary<Digest, Node>.Empty;

    internal async Task<ImmutableArray<Descriptor>> FindAsync(IEnumerable<Descriptor> roots, Digest subject, string? artifactType, CancellationToken cancellationToken)
    {
        ImmutableDictionary<Digest, Node> before = _known;
        Dictionary<Digest, Node> read = [];
        Queue<Descriptor> open = new(roots);
        ImmutableArray<Descriptor>.Builder found = ImmutableArray.CreateBuilder<Descriptor>();
        while (open.TryDequeue(out Descriptor? next))
        {
            if (!MediaTypes.IsManifest(next.MediaType) || read.ContainsKey(next.Digest))
            {
                continue;
            }

            Node node = before.GetValueOrDefault(next.Digest) ?? await ReadAsync(next, cancellationToken).ConfigureAwait(false);
            read.Add(next.Digest, node);
            foreach (Descriptor child in node.Children)
            {
                open.Enqueue(child);
            }

            if (node.Subject == subject && (artifactType is null || node.Entry!.ArtifactType == artifactType))
            {
                found.Add(node.Entry!);
            }
        }

        _known = read.Where(pair => pair.Value.Entry is not null).ToImmutableDictionary();
        return found.DrainToImmutable();
    }

    private async Task<Node> ReadAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        try
        {
            ManifestDocument manifest = await source.ReadManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
            return new(manifest.Subject?.Digest, ReferrersTag.Entry(manifest, descriptor), manifest is ImageIndex ? manifest.Children : []);
        }
        catch (ContentNotFoundException)
        {
            // An index may list what is not here; what that refers to is not known here either.
            return new(null, null, []);
        }
    }

    private sealed record Node(Digest? Subject, Descriptor? Entry, ImmutableArray<Descriptor> Children);
}

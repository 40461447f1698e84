using System.Collections.Immutable;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds referrers among the manifests that an index reaches: those that it lists itself, as oras writes them, and those below the tag that stands for a list of referrers, as regclient does.</summary>
/// <remarks>What was read is remembered, since content does not change: for each manifest its subject, its own line and its children; and the answer to all questions, until the list is another.</remarks>
internal sealed class ListedReferrers(IContentSource source)
{
    private volatile Answer _last = new([], [], Array.Empty<Node>().ToLookup(node => node.Subject!, node => node.Entry), IsComplete: false);

    internal async Task<IEnumerable<Descriptor>> FindAsync(ImmutableArray<Descriptor> roots, Digest subject, string? artifactType, CancellationToken cancellationToken)
    {
        Answer answer = _last;
        if (!answer.IsComplete || answer.Roots != roots)
        {
            _last = answer = await WalkAsync(roots, answer.Nodes, cancellationToken).ConfigureAwait(false);
        }

        return answer.BySubject[subject].Where(referrer => artifactType is null || referrer.ArtifactType == artifactType);
    }

    private async Task<Answer> WalkAsync(ImmutableArray<Descriptor> roots, Dictionary<Digest, Node> known, CancellationToken cancellationToken)
    {
        Dictionary<Digest, Node> nodes = [];
        HashSet<Digest> missing = [];
        Queue<Descriptor> open = new(roots);
        while (open.TryDequeue(out Descriptor? next))
        {
            if (!MediaTypes.IsManifest(next.MediaType) || nodes.ContainsKey(next.Digest) || missing.Contains(next.Digest))
            {
                continue;
            }

            if ((known.GetValueOrDefault(next.Digest) ?? await ReadAsync(next, cancellationToken).ConfigureAwait(false)) is not { } node)
            {
                missing.Add(next.Digest);
                continue;
            }

            nodes.Add(next.Digest, node);
            foreach (Descriptor child in node.Children)
            {
                open.Enqueue(child);
            }
        }

        return new(roots, nodes, nodes.Values.Where(node => node.Subject is not null).ToLookup(node => node.Subject!, node => node.Entry), IsComplete: missing.Count == 0);
    }

    private async Task<Node?> ReadAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        try
        {
            ManifestDocument manifest = await source.ReadManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
            return new(manifest.Subject?.Digest, ReferrersTag.Entry(manifest, descriptor), manifest is ImageIndex ? manifest.Children : []);
        }
        catch (ContentNotFoundException)
        {
            // An index may list what is not here; what that refers to is not known here either.
            return null;
        }
    }

    private sealed record Node(Digest? Subject, Descriptor Entry, ImmutableArray<Descriptor> Children);

    private sealed record Answer(ImmutableArray<Descriptor> Roots, Dictionary<Digest, Node> Nodes, ILookup<Digest, Descriptor> BySubject, bool IsComplete);
}

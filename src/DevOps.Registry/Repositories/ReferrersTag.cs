using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Keeps the tag that stands for the list of referrers where a registry has none: an index of all manifests with one subject.</summary>
/// <remarks>
/// Registries know no change of a tag under a condition, most of them; so what was written is read again, and written again where another writer replaced it. Writers of one client wait for each other.
/// Two that write at the very same time elsewhere can still undo each other after both looked. Source: OCI distribution-spec 1.1, "Referrers Tag Schema" and "Pushing Manifests with Subject".
/// </remarks>
internal sealed class ReferrersTag(RegistryTransport transport, RemoteRepository repository)
{
    private const int MaxTries = 8;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = transport.ReferrersLocks;

    internal static string NameOf(Digest subject) => $"{subject.AlgorithmName[..Math.Min(32, subject.AlgorithmName.Length)]}-{subject.Hex[..Math.Min(64, subject.Hex.Length)]}";

    /// <summary>Returns what the list says of a manifest.</summary>
    internal static Descriptor Entry(ManifestDocument manifest, Descriptor descriptor) => new(descriptor.MediaType, descriptor.Digest, descriptor.SizeBytes)
    {
        ArtifactType = !string.IsNullOrEmpty(manifest.ArtifactType) ? manifest.ArtifactType : (manifest as ImageManifest)?.Config.MediaType,
        Annotations = manifest.Annotations,
    };

    /// <summary>Adds a manifest to the list of its subject.</summary>
    internal async Task AddAsync(Digest subject, Descriptor entry, CancellationToken cancellationToken)
    {
        string tag = NameOf(subject);
        SemaphoreSlim hold = _locks.GetOrAdd($"{repository.Registry}/{repository.Name}:{tag}", _ => new(1));
        await hold.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (int tries = 0; tries < MaxTries; tries++)
            {
                (ImageIndex? index, string? entityTag) = await ReadAsync(tag, cancellationToken).ConfigureAwait(false);
                if (index is not null && index.Manifests.Any(listed => listed.Digest == entry.Digest))
                {
                    return;
                }

                // What was written is looked for at the next turn: only a list that holds it ends the loop.
                ImageIndex changed = (index ?? ImageIndex.Create()).Edit(tree => ((JsonArray)tree["manifests"]!).Add((JsonNode)entry.ToJson()));
                await WriteAsync(tag, changed, index is not null, entityTag, cancellationToken).ConfigureAwait(false);
            }

            (ImageIndex? last, _) = await ReadAsync(tag, cancellationToken).ConfigureAwait(false);
            if (last is null || last.Manifests.All(listed => listed.Digest != entry.Digest))
            {
                throw new RegistryException(
                    $"list {entry.Digest} as a referrer", repository.ToString(), $"the tag '{tag}' was written {MaxTries} times, and each time another writer replaced it", "The manifest itself is there. Push it again when fewer write at once.");
            }
        }
        finally
        {
            hold.Release();
        }
    }

    private async Task<(ImageIndex? Index, string? EntityTag)> ReadAsync(string tag, CancellationToken cancellationToken)
    {
        RegistryRequest request = Request(HttpMethod.Get, tag) with { Accept = [MediaTypes.ImageIndex] };
        using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return (null, null);
        }

        return response.StatusCode == HttpStatusCode.OK
            ? (ImageIndex.Parse(await ManifestBytes.ReadAsync(request, response, cancellationToken).ConfigureAwait(false), response.Content.Headers.ContentType?.MediaType), response.Headers.ETag?.ToString())
            : throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(string tag, ImageIndex index, bool replaces, string? entityTag, CancellationToken cancellationToken)
    {
        byte[] bytes = index.RawBytes.ToArray();
        RegistryRequest request = Request(HttpMethod.Put, tag) with
        {
            Body = () => new ByteArrayContent(bytes) { Headers = { ContentType = new(index.MediaType) } },

            // A weak tag matches no condition to write.
            IfMatch = replaces && entityTag is not null && !entityTag.StartsWith("W/", StringComparison.Ordinal) ? entityTag : null,
        };
        using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode && response.StatusCode is not (HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict))
        {
            throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
        }
    }

    private RegistryRequest Request(HttpMethod method, string tag) =>
        repository.Request(method, $"{repository.Root}/manifests/{tag}", $"keep the list of referrers '{tag}'") with { Scopes = [repository.PushScope] };
}

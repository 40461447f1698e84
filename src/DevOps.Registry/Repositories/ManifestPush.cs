using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Pushes manifests: under their digest, under tags, and into the lists of their subjects.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing Manifests".</remarks>
internal sealed class ManifestPush(RegistryTransport transport, RemoteRepository repository)
{
    private const int MaxTagsOfRequest = 32;

    private readonly ReferrersTag _referrers = new(transport, repository);

    internal async Task WriteAsync(Descriptor descriptor, byte[] bytes, string reference, CancellationToken cancellationToken)
    {
        RegistryRequest request = Request(descriptor, bytes, reference, "");
        using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
        }

        await ListAsync(descriptor, bytes, response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a manifest tags, many with one request where the registry can: it names those that it took.</summary>
    internal async Task TagAsync(Descriptor descriptor, byte[] bytes, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (string[] part in tags.Chunk(MaxTagsOfRequest))
        {
            IReadOnlyCollection<string> taken = part.Length > 1 && transport.Abilities.Has(repository.Registry, RegistryAbility.ManyTags)
                ? await TagAtOnceAsync(descriptor, bytes, part, cancellationToken).ConfigureAwait(false)
                : [];
            foreach (string tag in part.Except(taken, StringComparer.Ordinal))
            {
                await WriteAsync(descriptor, bytes, tag, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyCollection<string>> TagAtOnceAsync(Descriptor descriptor, byte[] bytes, string[] tags, CancellationToken cancellationToken)
    {
        RegistryRequest request = Request(descriptor, bytes, descriptor.Digest.ToString(), "?" + string.Join('&', tags.Select(tag => "tag=" + Uri.EscapeDataString(tag))));
        using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        string[] taken = response.IsSuccessStatusCode && response.Headers.TryGetValues("OCI-Tag", out IEnumerable<string>? values)
            ? [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
            : [];
        if (taken.Length == 0)
        {
            // It knows nothing of this, or refuses; one by one it says what it has against a tag.
            transport.Abilities.Miss(repository.Registry, RegistryAbility.ManyTags);
        }
        else
        {
            await ListAsync(descriptor, bytes, response, cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }

    // A registry that says nothing of the subject keeps no list; one that does may still have none to ask for.
    private async Task ListAsync(Descriptor descriptor, byte[] bytes, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ManifestDocument manifest = ManifestDocument.Parse(bytes, descriptor.MediaType);
        if (manifest.Subject is { } subject
            && !(response.Headers.Contains("OCI-Subject") && await HasListAsync(subject.Digest, cancellationToken).ConfigureAwait(false)))
        {
            await _referrers.AddAsync(subject.Digest, ReferrersTag.Entry(manifest, descriptor), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> HasListAsync(Digest subject, CancellationToken cancellationToken)
    {
        if (transport.Abilities.IsKnown(repository.Registry, RegistryAbility.Referrers) is { } known)
        {
            return known;
        }

        RegistryRequest request = repository.Request(HttpMethod.Get, $"{repository.Root}/referrers/{subject}", $"list referrers of {subject}") with { Accept = [MediaTypes.ImageIndex] };
        using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest))
        {
            // Whoever may push and not read is no sign of a registry without the list.
            return true;
        }

        bool isThere = response.StatusCode == HttpStatusCode.OK;
        transport.Abilities.Know(repository.Registry, RegistryAbility.Referrers, isThere);
        return isThere;
    }

    private RegistryRequest Request(Descriptor descriptor, byte[] bytes, string reference, string query) =>
        repository.Request(HttpMethod.Put, $"{repository.Root}/manifests/{reference}{query}", $"push manifest '{reference}'") with
        {
            Scopes = [repository.PushScope],
            Body = () => new ByteArrayContent(bytes) { Headers = { ContentType = new(descriptor.MediaType) } },
        };
}

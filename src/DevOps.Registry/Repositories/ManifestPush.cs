using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Pushes manifests: under their digest, under tags, and into the lists of their subjects.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing Manifests".</remarks>
internal sealed class ManifestPush(RegistryTransport transport, RemoteRepository repository)
{
    private const int MaxTagsOfRequest = 32;

    private readonly ReferrersTag _referrers = new(transport, repository);

    internal Task WriteAsync(Descriptor descriptor, byte[] bytes, string reference, CancellationToken cancellationToken) =>
        RegistrySpans.RunAsync("push manifest", repository, descriptor, () => WriteNowAsync(descriptor, bytes, reference, cancellationToken));

    /// <summary>Gives a manifest tags, many with one request where the registry can: it names those that it took.</summary>
    internal async Task TagAsync(Descriptor descriptor, byte[] bytes, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        ManifestDocument manifest = ManifestDocument.Parse(bytes, descriptor.MediaType);
        foreach (string[] part in tags.Chunk(MaxTagsOfRequest))
        {
            IReadOnlyCollection<string> taken = part.Length > 1 && transport.Abilities.Has(repository.Registry, RegistryAbility.ManyTags)
                ? await RegistrySpans.RunAsync("push manifest", repository, descriptor, () => TagAtOnceAsync(descriptor, manifest, bytes, part, cancellationToken)).ConfigureAwait(false)
                : [];
            foreach (string tag in part.Except(taken, StringComparer.Ordinal))
            {
                await WriteAsync(descriptor, bytes, tag, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteNowAsync(Descriptor descriptor, byte[] bytes, string reference, CancellationToken cancellationToken)
    {
        // A document that could be taken for another kind is not sent at all.
        ManifestDocument manifest = ManifestDocument.Parse(bytes, descriptor.MediaType);
        RegistryRequest request = Request(descriptor, bytes, reference, "");
        using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
        }

        await FinishAsync(descriptor, manifest, response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyCollection<string>> TagAtOnceAsync(Descriptor descriptor, ManifestDocument manifest, byte[] bytes, string[] tags, CancellationToken cancellationToken)
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
            await FinishAsync(descriptor, manifest, response, cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }

    // A registry that says nothing of the subject keeps no list; one that does may still have none to ask for.
    private async Task FinishAsync(Descriptor descriptor, ManifestDocument manifest, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        CheckDigest(descriptor, manifest, response);
        if (manifest.Subject is { } subject
            && !(response.Headers.Contains("OCI-Subject") && await HasListAsync(subject.Digest, cancellationToken).ConfigureAwait(false)))
        {
            await _referrers.AddAsync(subject.Digest, ReferrersTag.Entry(manifest, descriptor), cancellationToken).ConfigureAwait(false);
        }
    }

    // What it says of its own choice of algorithm counts too; what is no digest says nothing.
    private void CheckDigest(Descriptor descriptor, ManifestDocument manifest, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values)
            && Digest.TryParse(values.First(), out Digest? stored) && stored != Digest.Compute(manifest.RawBytes.Span, stored.Algorithm))
        {
            throw new DigestMismatchException(repository.ToString(), descriptor, stored);
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
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest)
            || await ReferrerPages.IsUnknownNameAsync(request, response, cancellationToken).ConfigureAwait(false))
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

using System.Net;
using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads a list of referrers page by page, or the tag that stands for it where a registry has no such list.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Listing Referrers" and "Referrers Tag Schema": a longer digest is cut to 64 digits.</remarks>
internal static class ReferrerPages
{
    private const int MaxPages = 1000;

    internal static async IAsyncEnumerable<ImageIndex> ReadAsync(
        RegistryTransport transport, RemoteRepository repository, RegistryRequest request, Digest subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int page = 0; page < MaxPages; page++)
        {
            using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound && page == 0)
            {
                Descriptor? fallback = await repository.ResolveAsync(ReferrersTag.NameOf(subject), cancellationToken).ConfigureAwait(false);
                if (fallback is not null && await repository.ReadManifestAsync(fallback, cancellationToken).ConfigureAwait(false) is ImageIndex index)
                {
                    yield return index;
                }

                yield break;
            }

            yield return response.StatusCode == HttpStatusCode.OK
                ? ImageIndex.Parse(await ManifestBytes.ReadAsync(request, response, cancellationToken).ConfigureAwait(false), MediaTypes.ImageIndex)
                : throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
            if (NextAddress.OfNextPage(request, response) is not { } next)
            {
                yield break;
            }

            request = request with { Address = next };
        }

        throw new RegistryException(request.Operation, repository.ToString(), $"the list has more than {MaxPages} pages", "Report this to the operator of the registry.");
    }
}

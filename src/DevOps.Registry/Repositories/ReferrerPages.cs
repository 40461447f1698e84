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

    internal static async IAsyncEnumerable<Descriptor> ReadAsync(
        RegistryTransport transport, RemoteRepository repository, Digest subject, string? artifactType, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string query = artifactType is null ? "" : "?artifactType=" + Uri.EscapeDataString(artifactType);
        RegistryRequest request = repository.Request(HttpMethod.Get, $"{repository.Root}/referrers/{subject}{query}", $"list referrers of {subject}") with { Accept = [MediaTypes.ImageIndex] };
        for (int page = 0; page < MaxPages; page++)
        {
            using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            bool hasNoList = page == 0 && response.StatusCode is (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest);
            ImageIndex? index = hasNoList
                ? await ReadTagAsync(repository, subject, request, response, cancellationToken).ConfigureAwait(false)
                : await ReadPageAsync(request, response, cancellationToken).ConfigureAwait(false);
            bool isFiltered = artifactType is null || (!hasNoList && IsFiltered(response));
            foreach (Descriptor referrer in index?.Manifests.Where(manifest => isFiltered || manifest.ArtifactType == artifactType) ?? [])
            {
                yield return referrer;
            }

            if (hasNoList || NextAddress.OfNextPage(request, response) is not { } next)
            {
                yield break;
            }

            request = request with { Address = next };
        }

        throw new RegistryException(request.Operation, repository.ToString(), $"the list has more than {MaxPages} pages", "Report this to the operator of the registry.");
    }

    /// <summary>Returns whether an answer speaks of a repository that is not there: it then says nothing of the list.</summary>
    internal static async Task<bool> IsUnknownNameAsync(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode == HttpStatusCode.NotFound && (await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false)).Codes.Contains("NAME_UNKNOWN");

    private static async Task<ImageIndex> ReadPageAsync(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode == HttpStatusCode.OK
            ? ImageIndex.Parse(await ManifestBytes.ReadAsync(request, response, cancellationToken).ConfigureAwait(false), MediaTypes.ImageIndex)
            : throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);

    private static async Task<ImageIndex?> ReadTagAsync(RemoteRepository repository, Digest subject, RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        RegistryException error = await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
        Descriptor? tagged = await repository.ResolveAsync(ReferrersTag.NameOf(subject), cancellationToken).ConfigureAwait(false);
        return tagged is not null ? await repository.ReadManifestAsync(tagged, cancellationToken).ConfigureAwait(false) as ImageIndex
            : error.Codes.Contains("NAME_UNKNOWN") ? throw error
            : null;
    }

    // A registry that names the filter applied it; one that does not may have passed it over.
    private static bool IsFiltered(HttpResponseMessage response) =>
        response.Headers.TryGetValues("OCI-Filters-Applied", out IEnumerable<string>? values)
        && values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Contains("artifactType", StringComparer.Ordinal);
}

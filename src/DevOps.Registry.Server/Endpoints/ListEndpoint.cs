using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Lists repositories, tags and referrers.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Listing Tags" and "Listing Referrers"; the distribution project's catalog.</remarks>
internal static class ListEndpoint
{
    private const int MaxIndexBytes = 3 << 20;

    internal static async Task CatalogAsync(HttpContext context, RegistryStorage storage, RegistryGuard guard)
    {
        ListPage page = ListPage.Of(context.Request);
        IReadOnlyList<string> names = await guard.FilterCatalogAsync(context, storage.ListRepositories(page.Last), page.Length + 1).ConfigureAwait(false);
        await PageAsync(context, page, "_catalog", "repositories", names, []).ConfigureAwait(false);
    }

    internal static Task TagsAsync(HttpContext context, RepositoryFolder repository)
    {
        if (!repository.Exists)
        {
            throw new RegistryError(StatusCodes.Status404NotFound, "NAME_UNKNOWN", "there is no such repository");
        }

        ListPage page = ListPage.Of(context.Request);
        return PageAsync(context, page, $"{repository.Name}/tags/list", "tags", [.. repository.ListTags(page.Last).Take(page.Length + 1)], new() { ["name"] = repository.Name.Value });
    }

    internal static async Task ReferrersAsync(HttpContext context, RepositoryFolder repository, string item)
    {
        Digest subject = Digest.TryParse(item, out Digest? parsed) ? parsed : throw RegistryError.DigestInvalid("the digest is malformed");
        IEnumerable<Descriptor> referrers = await repository.ListReferrersAsync(subject, context.RequestAborted).ConfigureAwait(false);
        string? artifactType = context.Request.Query["artifactType"];
        if (!string.IsNullOrEmpty(artifactType))
        {
            referrers = referrers.Where(referrer => referrer.ArtifactType == artifactType);
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        // An index has a limit, and annotations have none: what does not fit is on the next page.
        string? last = context.Request.Query["last"];
        List<Descriptor> page = [];
        int length = 0;
        foreach (Descriptor referrer in referrers.Where(referrer => string.IsNullOrEmpty(last) || string.CompareOrdinal(referrer.Digest.ToString(), last) > 0))
        {
            length += LengthInAList(referrer);
            if (page.Count > 0 && length > MaxIndexBytes)
            {
                string filter = string.IsNullOrEmpty(artifactType) ? "" : "artifactType=" + Uri.EscapeDataString(artifactType) + "&";
                context.Response.Headers.Link = $"<{RegistryLink.To(context, $"{repository.Name}/referrers/{subject}")}?{filter}last={Uri.EscapeDataString(page[^1].Digest.ToString())}>; rel=\"next\"";
                break;
            }

            page.Add(referrer);
        }

        await RegistryAnswer.JsonAsync(context, StatusCodes.Status200OK, MediaTypes.ImageIndex, ImageIndex.Create(page).RawBytes).ConfigureAwait(false);
    }

    /// <summary>Returns whether a list can hold a referrer: one that it cannot would keep its subject's others from being listed.</summary>
    internal static bool CanList(Descriptor referrer) => LengthInAList(referrer) <= MaxIndexBytes;

    private static int LengthInAList(Descriptor referrer) => Encoding.UTF8.GetByteCount(referrer.ToJson().ToJsonString());

    // One item more than the page has tells that there is another page.
    private static Task PageAsync(HttpContext context, ListPage page, string resource, string member, IReadOnlyList<string> items, JsonObject body)
    {
        JsonArray list = [];
        foreach (string item in items.Take(page.Length))
        {
            list.Add((JsonNode?)JsonValue.Create(item));
        }

        if (list.Count > 0 && list.Count < items.Count)
        {
            context.Response.Headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{RegistryLink.To(context, resource)}?n={page.Length}&last={Uri.EscapeDataString(items[list.Count - 1])}>; rel=\"next\"");
        }

        body[member] = list;
        return RegistryAnswer.JsonAsync(context, StatusCodes.Status200OK, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}

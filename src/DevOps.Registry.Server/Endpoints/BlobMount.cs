using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Decides whether a repository gets a blob that another one holds. A blob that is not there and one that the caller may not read look the same from outside.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Mounting a blob from another repository".</remarks>
internal static class BlobMount
{
    internal static async Task<bool> MayTakeAsync(HttpContext context, RegistryStorage storage, RegistryEndpointOptions options, RegistryGuard guard, Digest digest)
    {
        if ((options.AllowsMountFrom is null && options.Authorizer is null) || !storage.Blobs.Holds(digest))
        {
            return false;
        }

        IQueryCollection query = context.Request.Query;
        bool isNamed = query.ContainsKey("from");
        IEnumerable<string> sources = isNamed ? [query["from"].ToString()] : options.WhenMountHasNoSource is AnonymousMount.Search ? storage.FindHolders(digest) : [];
        foreach (string source in sources)
        {
            if (RepositoryName.TryParse(source, out RepositoryName? from) && await guard.AllowsMountAsync(context, from).ConfigureAwait(false) && storage.GetRepository(from).WantsBlob(digest))
            {
                return true;
            }
        }

        return false;
    }
}

using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Refuses what the options forbid, for every resource in one place.</summary>
internal static class WritePolicy
{
    internal static void Check(RegistryEndpointOptions options, RegistryRoute route, string method)
    {
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            return;
        }

        if (options.Mode is RegistryMode.ReadOnly)
        {
            throw RegistryError.Forbidden("the registry is read-only");
        }

        if (HttpMethods.IsDelete(method))
        {
            RegistryDeletions needed = route.Resource switch
            {
                RegistryResource.Blob => RegistryDeletions.Blobs,
                RegistryResource.Manifest => Digest.TryParse(route.Item, out _) ? RegistryDeletions.Manifests : RegistryDeletions.Tags,
                _ => RegistryDeletions.None,
            };
            Demand(options, needed);
        }
    }

    internal static void Demand(RegistryEndpointOptions options, RegistryDeletions needed)
    {
        if ((options.Deletions & needed) != needed)
        {
            throw RegistryError.Forbidden($"the registry does not delete {needed.ToString().ToLowerInvariant()}");
        }
    }
}

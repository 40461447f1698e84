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
            Demand(options, NeededToDelete(route));
        }
    }

    /// <summary>Lists the methods that a resource has, as the answer to any other must (RFC 9110, section 15.5.6).</summary>
    internal static string Allow(RegistryEndpointOptions options, RegistryRoute route)
    {
        string[] methods = route.Resource switch
        {
            RegistryResource.Uploads => ["POST"],
            RegistryResource.Upload => ["GET", "PATCH", "PUT", "DELETE"],
            RegistryResource.Manifest => ["GET", "HEAD", "PUT", "DELETE"],
            RegistryResource.Blob => ["GET", "HEAD", "DELETE"],
            _ => ["GET", "HEAD"],
        };
        return string.Join(", ", methods.Where(method => method is "GET" or "HEAD"
            || (options.Mode is RegistryMode.ReadWrite && (method != "DELETE" || options.AllowedDeletions.HasFlag(NeededToDelete(route))))));
    }

    private static RegistryDeletions NeededToDelete(RegistryRoute route) => route.Resource switch
    {
        RegistryResource.Blob => RegistryDeletions.Blobs,
        RegistryResource.Manifest => Digest.TryParse(route.Item, out _) ? RegistryDeletions.Manifests : RegistryDeletions.Tags,
        _ => RegistryDeletions.None,
    };

    internal static void Demand(RegistryEndpointOptions options, RegistryDeletions needed)
    {
        if ((options.AllowedDeletions & needed) != needed)
        {
            throw RegistryError.Forbidden($"the registry does not delete {needed.ToString().ToLowerInvariant()}");
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevOps.Registry.Server;

/// <summary>Writes where a resource of the registry is, below whatever the request came by: the path base of an application, a group of endpoints.</summary>
internal static class RegistryLink
{
    internal static string To(HttpContext context, string resource)
    {
        string path = context.Request.Path.Value ?? "";
        string rest = context.GetRouteValue(RegistryRoute.PathName) as string ?? "";
        PathString root = context.Request.PathBase.Add(path[..^rest.Length].TrimEnd('/'));
        return $"{root.ToUriComponent()}/{resource}";
    }
}

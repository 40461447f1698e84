using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>A request, as faults see it.</summary>
internal sealed class FaultRequest
{
    private FaultRequest(HttpContext context, RegistryFaults faults, RegistryRequestKind kind, RegistryRoute route) => (Context, Faults, Kind, Route) = (context, faults, kind, route);

    internal HttpContext Context { get; }

    internal RegistryFaults Faults { get; }

    internal RegistryRequestKind Kind { get; }

    internal RegistryRoute Route { get; }

    internal RepositoryName? Repository => Route.Repository;

    internal string Method => Context.Request.Method;

    internal bool HasCredentials => RequestCredential.IsSent(Context.Request);

    internal static FaultRequest Create(HttpContext context, RegistryFaults faults)
    {
        string path = context.Request.Path.Value ?? "";
        RegistryRoute route = path == "/v2" ? RegistryRoute.Parse("") : path.StartsWith("/v2/", StringComparison.Ordinal) ? RegistryRoute.Parse(path[4..]) : new(RegistryResource.Unknown, null, "");
        return new(context, faults, path == faults.TokenPath ? RegistryRequestKind.Token : KindOf(route.Resource), route);
    }

    internal FaultHit ToHit(InjectedFault fault)
    {
        string? range = (string?)Context.Request.Headers.Range ?? Context.Request.Headers.ContentRange;
        return new(fault, Method, Context.Request.Path.Value ?? "", Kind, Repository, HasCredentials, range);
    }

    private static RegistryRequestKind KindOf(RegistryResource resource) => resource switch
    {
        RegistryResource.Ping => RegistryRequestKind.Ping,
        RegistryResource.Catalog => RegistryRequestKind.Catalog,
        RegistryResource.Blob => RegistryRequestKind.Blob,
        RegistryResource.Uploads or RegistryResource.Upload => RegistryRequestKind.Upload,
        RegistryResource.Manifest => RegistryRequestKind.Manifest,
        RegistryResource.Tags => RegistryRequestKind.Tags,
        RegistryResource.Referrers => RegistryRequestKind.Referrers,
        _ => RegistryRequestKind.Other,
    };
}

using System.Diagnostics.Metrics;
using DevOps.Registry.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts a registry into an ASP.NET Core application.</summary>
public static class OciRegistryEndpoints
{
    /// <summary>Maps an OCI registry to <c>/v2/</c>, the path at which clients look for it. In a group of endpoints it is below the group's prefix, which few clients can be told.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="storage">Where the registry's content is.</param>
    /// <param name="options">How; <see cref="RegistryEndpointOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>The endpoint, to put conventions on, as an authorization policy.</returns>
    /// <remarks>Source: OCI distribution-spec 1.1, "API".</remarks>
    public static IEndpointConventionBuilder MapOciRegistry(this IEndpointRouteBuilder endpoints, RegistryStorage storage, RegistryEndpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(storage);
        ILogger logger = endpoints.ServiceProvider.GetService<ILoggerFactory>()?.CreateLogger(RegistryServerDiagnostics.Name) ?? NullLogger.Instance;
        options ??= RegistryEndpointOptions.Default;
        RegistryWatch watch = new(options.Events, new(endpoints.ServiceProvider.GetService<IMeterFactory>(), storage), logger);
        RegistryDispatcher dispatcher = new(storage, options, watch, logger);
        return endpoints.Map($"/v2/{{**{RegistryRoute.PathName}}}", dispatcher.HandleAsync).WithDisplayName("OCI registry");
    }

    /// <summary>Maps the endpoint that gives out a registry's tokens to <see cref="RegistryTokenOptions.Path"/>.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="authorizer">What the registry asks for tokens: <see cref="RegistryEndpointOptions.Authorizer"/>.</param>
    /// <returns>The endpoint, to put conventions on, as a limit of requests. It must be open to callers that are not known yet.</returns>
    public static IEndpointConventionBuilder MapRegistryTokens(this IEndpointRouteBuilder endpoints, BearerAuthorizer authorizer)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(authorizer);
        return endpoints.Map(authorizer.Options.Path, new TokenEndpoint(authorizer).HandleAsync).WithDisplayName("OCI registry tokens");
    }
}

using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Controls a registry that is part of an application.</summary>
public sealed record RegistryEndpointOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryEndpointOptions Default { get; } = new();

    /// <summary>Gets what decides who may do what.</summary>
    /// <value><see langword="null"/> by default: everybody may do everything that the application lets through to the registry.</value>
    public IRegistryAuthorizer? Authorizer { get; init; }

    /// <summary>Gets what decides whether a request may take over content from a repository. The name comes in the request's query, where rules for paths do not see it: ask whether the caller may pull from there.</summary>
    /// <value><see langword="null"/> by default: <see cref="Authorizer"/> is asked alone, and without one nothing is taken over and clients upload instead. With both, both must agree.</value>
    public Func<HttpContext, RepositoryName, ValueTask<bool>>? AllowsMountFrom { get; init; }
}

using DevOps.Credentials;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>A question to an <see cref="IRegistryAuthorizer"/>.</summary>
/// <param name="httpContext">The request.</param>
/// <param name="repository">The repository, or <see langword="null"/> for the registry itself.</param>
/// <param name="actions">What is to be done there.</param>
public sealed class RegistryAccessRequest(HttpContext httpContext, RepositoryName? repository, RegistryActions actions)
{
    /// <summary>Gets the request.</summary>
    public HttpContext HttpContext { get; } = httpContext ?? throw new ArgumentNullException(nameof(httpContext));

    /// <summary>Gets the repository; <see langword="null"/> is the registry itself.</summary>
    public RepositoryName? Repository { get; } = repository;

    /// <summary>Gets what is to be done, all of it. <see cref="RegistryActions.Catalog"/> with a repository asks whether the name may stand in the caller's catalog.</summary>
    public RegistryActions Actions { get; } = actions;

    /// <summary>Gets the repository that the request would like to take content over from. A separate question asks about it; a challenge names it, so that one token is good for both.</summary>
    public RepositoryName? MountSource { get; init; }

    /// <summary>Gets the credentials of the request: name and password, or a token; <see langword="null"/> if there are none or they cannot be read.</summary>
    public Credential? Credential { get; } = RequestCredential.Read(httpContext.Request);
}

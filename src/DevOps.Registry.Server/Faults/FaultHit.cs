using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>A request that met a fault.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Path">The request's path; not its query.</param>
/// <param name="Kind">The request's kind.</param>
/// <param name="Repository">The repository, if there is one in the path.</param>
/// <param name="HasCredentials">Whether the request brought an <c>Authorization</c> header, of whatever worth.</param>
/// <param name="Range">The bytes that were asked for or sent: <c>Range</c> of a download, <c>Content-Range</c> of an upload; <see langword="null"/> if there is neither.</param>
public sealed record FaultHit(InjectedFault Fault, string Method, string Path, RegistryRequestKind Kind, RepositoryName? Repository, bool HasCredentials, string? Range)
{
    /// <summary>Returns the request and what it met, in a line.</summary>
    public override string ToString() => $"{Method} {Path}{(Range is null ? "" : $" ({Range})")} met: {Fault.Fault.Name}";
}

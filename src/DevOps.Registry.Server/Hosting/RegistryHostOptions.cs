using System.Net;

namespace DevOps.Registry.Server;

/// <summary>Controls a registry that is hosted on its own.</summary>
public sealed record RegistryHostOptions
{
    /// <summary>Gets the directory of the registry's data; it is made when it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>Gets where to listen. The registry speaks no TLS, and asks for no credentials unless told to: let others in only where you trust them.</summary>
    /// <value>A free port on loopback by default; port 0 is any free port.</value>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Gets what decides who may do what.</summary>
    /// <value><see langword="null"/> by default: everybody may do everything. The endpoint of a <see cref="BearerAuthorizer"/>'s tokens is there too.</value>
    public IRegistryAuthorizer? Authorizer { get; init; }

    /// <summary>Gets the clock that faults wait by.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;
}

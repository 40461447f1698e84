using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace DevOps.Registry.Server;

/// <summary>Controls a registry that is hosted on its own.</summary>
public sealed record RegistryHostOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryHostOptions Default { get; } = new();

    /// <summary>Gets the directory of the registry's data; it is made when it does not exist, and stays.</summary>
    /// <value><see langword="null"/> by default: a new one among the system's temporary files, which is removed when the host is disposed.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? Directory { get; init => field = value is "" ? throw new ArgumentException("An empty text names no directory: leave it out for a temporary one.", nameof(value)) : value; }

    /// <summary>Gets where to listen. The registry asks for no credentials, and speaks no TLS, unless told to: let others in only where you trust them.</summary>
    /// <value>A free port on loopback by default; port 0 is any free port.</value>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Gets the certificate with which the registry speaks TLS. It stays the caller's, who disposes it after the host.</summary>
    /// <value><see langword="null"/> by default: no TLS. Docker takes that from loopback only, and from registries that it is told are insecure.</value>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public X509Certificate2? Certificate
    {
        get;
        init => field = value is null or { HasPrivateKey: true } ? value : throw new ArgumentException("The certificate has no private key, so nothing can be proved with it: load it with its key.", nameof(value));
    }

    /// <summary>Gets what decides who may do what.</summary>
    /// <value><see langword="null"/> by default: that of <see cref="Registry"/>, and without one everybody may do everything. The endpoint of a <see cref="BearerAuthorizer"/>'s tokens is there too.</value>
    public IRegistryAuthorizer? Authorizer { get; init; }

    /// <summary>Gets the clock that faults wait by.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;

    /// <summary>Gets how content is kept.</summary>
    public RegistryStorageOptions Storage { get; init; } = RegistryStorageOptions.Default;

    /// <summary>Gets what clients may do.</summary>
    /// <value>
    /// Everything by default, deletions too: whoever reaches the registry may read all of it, so a blob may be taken over from any repository. Options of your own begin with less, as those of
    /// an application do: change these with <c>options.Registry with { … }</c> to keep the rest.
    /// </value>
    public RegistryEndpointOptions Registry { get; init; } = new() { AllowsMountFrom = (_, _) => ValueTask.FromResult(true), Deletions = RegistryDeletions.All };

    /// <summary>Gets how many connections may be open at once; further ones are closed. Each costs some memory, and up to one megabyte while it brings content.</summary>
    /// <value>4096 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConnections { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 4096;

    /// <summary>Gets how long a client may take to send a request's headers.</summary>
    /// <value>15 seconds by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan RequestHeadersTimeout { get; init { ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromSeconds(15);

    /// <summary>Gets how long a connection stays open without a request.</summary>
    /// <value>Two minutes by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan KeepAliveTimeout { get; init { ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero); field = value; } } = TimeSpan.FromMinutes(2);

    /// <summary>Gets how fast a client must send and take content, in bytes a second, after <see cref="SlowClientGrace"/>. A slower one is disconnected.</summary>
    /// <value>1024 by default; zero lets any be.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public double MinimumBytesPerSecond { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1024;

    /// <summary>Gets how long a client may be slower than <see cref="MinimumBytesPerSecond"/>.</summary>
    /// <value>10 seconds by default; the least is a little more than one.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is one second or less.</exception>
    public TimeSpan SlowClientGrace { get; init { ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.FromSeconds(1)); field = value; } } = TimeSpan.FromSeconds(10);
}

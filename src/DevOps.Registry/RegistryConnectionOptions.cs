using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace DevOps.Registry;

/// <summary>Controls how one registry is reached. Nothing of it goes along to other hosts: not to where the registry redirects, nor to its token service, unless that host has options of its own.</summary>
public sealed record RegistryConnectionOptions
{
    /// <summary>Gets the options of registries that have none of their own.</summary>
    public static RegistryConnectionOptions Default { get; } = new();

    /// <summary>Gets the certificates of authorities that are trusted for this registry, beside those that the machine trusts. Each is the root of its chain; a server's self-signed certificate is one too.</summary>
    /// <value>Empty by default. Names and validity are checked as ever, and revocation is not. The certificates stay the caller's, and are not disposed while the client lives.</value>
    public ImmutableArray<X509Certificate2> TrustedAuthorities { get; init => field = NotNull(value); } = [];

    /// <summary>Gets the certificates that are shown to this registry when it asks for one: the first that one of the issuers it names has issued, or the first of all if it names none.</summary>
    /// <value>Empty by default. The certificates stay the caller's, and are not disposed while the client lives.</value>
    /// <exception cref="ArgumentException">A certificate has no private key.</exception>
    public ImmutableArray<X509Certificate2> ClientCertificates
    {
        get;
        init => field = NotNull(value).All(certificate => certificate.HasPrivateKey) ? NotNull(value) : throw new ArgumentException("A certificate that proves who asks needs its private key.", nameof(value));
    } = [];

    /// <summary>Gets the proxy for this registry.</summary>
    /// <value><see langword="null"/> by default, for that of <see cref="RegistryClientOptions.Proxy"/>.</value>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Gets the mirrors that are asked for manifests and blobs before the registry, in this order. What is written or deleted, and whether something is there before it is written, is the registry's own affair.</summary>
    /// <value>Empty by default.</value>
    /// <remarks>
    /// A mirror that does not answer, answers 429 or 5xx, or whose content is wrong is not asked for a minute, nor for the rest of a download that it failed at; one that lacks or refuses something, not for that repository. A download that breaks off goes on at the next mirror or the registry,
    /// behind the bytes that came. Content of up to 4 MiB is verified before a byte of it is handed on, and comes from elsewhere if it is wrong; of larger content the read fails at its end, and the next one leaves the mirror out.
    /// </remarks>
    /// <exception cref="ArgumentNullException">A mirror is <see langword="null"/>.</exception>
    public ImmutableArray<PullMirror> Mirrors
    {
        get;
        init
        {
            ImmutableArray<PullMirror> mirrors = value.IsDefault ? [] : value;
            foreach (PullMirror mirror in mirrors)
            {
                ArgumentNullException.ThrowIfNull(mirror, nameof(value));
            }

            field = mirrors;
        }
    } = [];

    /// <summary>Gets how much goes on with this registry at once, over the whole client: so many requests, beside them so many blobs that are read, and so many that are written. What is more waits.</summary>
    /// <value>16 by default. A blob that nobody reads for <see cref="RegistryClientOptions.NoProgressTimeout"/> counts no longer. What mirrors send counts for the registry that they mirror, requests for tokens do not count, and a blob that is read in several ranges counts once.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrentRequests { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 16;

    /// <summary>Gets whether anything here is for TLS: such a registry is not spoken to without it, unless it is named as insecure.</summary>
    internal bool IsForTls => !TrustedAuthorities.IsEmpty || !ClientCertificates.IsEmpty;

    private static ImmutableArray<X509Certificate2> NotNull(ImmutableArray<X509Certificate2> certificates) => certificates.IsDefault ? [] : certificates;
}

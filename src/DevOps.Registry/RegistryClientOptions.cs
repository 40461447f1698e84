using System.Collections.Immutable;
using System.Net;
using DevOps.Credentials;
using DevOps.Oci;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevOps.Registry;

/// <summary>Controls how registries are reached.</summary>
public sealed record RegistryClientOptions
{
    // Timers have a limit, and repetition has a lower one.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryClientOptions Default { get; } = new();

    /// <summary>Gets where credentials come from; <see langword="null"/> to ask every registry anonymously.</summary>
    public ICredentialSource? Credentials { get; init; }

    /// <summary>Gets how single registries are reached, where that is not as all others are.</summary>
    /// <value>Empty by default.</value>
    /// <exception cref="ArgumentNullException">The value, or one in it, is <see langword="null"/>.</exception>
    public ImmutableDictionary<RegistryAddress, RegistryConnectionOptions> Registries
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (RegistryConnectionOptions connection in value.Values)
            {
                ArgumentNullException.ThrowIfNull(connection, nameof(value));
            }

            field = value;
        }
    } = ImmutableDictionary<RegistryAddress, RegistryConnectionOptions>.Empty;

    /// <summary>Gets the proxy for every host: registries, token services, and where they lead to.</summary>
    /// <value><see langword="null"/> by default, for none: no environment is read behind the caller's back. <see cref="HttpClient.DefaultProxy"/> is what the system and <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> say.</value>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Gets the registries that may be spoken to without TLS. Registries on loopback always may, except for those that have certificates in <see cref="Registries"/>.</summary>
    /// <value>Empty by default.</value>
    public ImmutableHashSet<RegistryAddress> InsecureRegistries { get; init; } = [];

    /// <summary>Gets how often a request that can be repeated is repeated after a transient failure.</summary>
    /// <value>3 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRetries { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 3;

    /// <summary>Gets the longest wait before a request is repeated, also when the registry asks for more.</summary>
    /// <value>30 seconds by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or longer than a day.</exception>
    public TimeSpan MaxRetryDelay { get; init { ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero); ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestWait); field = value; } } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how long a transfer may stand still, with no byte sent or received, before its connection is given up. Transfers that move have no limit.</summary>
    /// <value>100 seconds by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or longer than a day.</exception>
    public TimeSpan NoProgressTimeout { get; init { ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero); ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestWait); field = value; } } = TimeSpan.FromSeconds(100);

    /// <summary>Gets where uploads are noted, so that another process can go on with them; <see langword="null"/> to begin anew after a process ended.</summary>
    public UploadJournal? UploadJournal { get; init; }

    /// <summary>Gets how much of a blob goes into one request where it is uploaded in chunks: when a journal is given, and after a transfer broke off. A registry may ask for more, up to 1 GiB.</summary>
    /// <value>16 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int UploadChunkBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 16 << 20;

    /// <summary>Gets how large blobs are read: as one stream each, or in several ranges at once.</summary>
    /// <value><see cref="BlobRangeOptions.Default"/> by default.</value>
    public BlobRangeOptions BlobRanges { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = BlobRangeOptions.Default;

    /// <summary>Gets the registries that are asked for each larger blob, as it is pushed, whether they hold it in any repository and take it over from there.</summary>
    /// <value>Empty by default: some registries answer the question with an error. It then is asked once, and the blob is sent.</value>
    public ImmutableHashSet<RegistryAddress> AnonymousMountRegistries { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = [];

    /// <summary>Gets the handler that sends requests; <see langword="null"/> for one of the client's own. A handler given here must not follow redirects, and has certificates and proxies of its own; its owner disposes it.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Gets the clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets who is told of what registries warn of, each text of each registry once. Called while a request waits: hand on what takes long.</summary>
    /// <value><see langword="null"/> by default: warnings are logged alone.</value>
    public IProgress<RegistryWarning>? Warnings { get; init; }

    /// <summary>Gets where warnings of registries and repeated requests are logged.</summary>
    /// <value>Nowhere by default.</value>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Returns how a registry is reached.</summary>
    internal RegistryConnectionOptions ConnectionTo(RegistryAddress registry) => Registries.GetValueOrDefault(registry, RegistryConnectionOptions.Default);

    /// <summary>Throws if options cannot hold together.</summary>
    internal void Check()
    {
        if (Handler is not null && (Proxy is not null || Registries.Values.Any(connection => connection.IsForTls || connection.Proxy is not null)))
        {
            throw new ArgumentException("A handler connects by itself: give it the certificates and the proxy, or leave it away.");
        }
    }
}

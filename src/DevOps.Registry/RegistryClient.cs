using System.Net;
using System.Runtime.CompilerServices;
using DevOps.Content;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reaches the repositories of any registry. One client serves every host; safe for use by several threads.</summary>
public sealed class RegistryClient : IRepositoryProvider, IDisposable, IAsyncDisposable
{
    private readonly RegistryClientOptions _options;
    private readonly RegistryTransport _transport;

    /// <summary>Creates a client. Nothing is sent until a repository is used.</summary>
    /// <param name="options">How; <see cref="RegistryClientOptions.Default"/> if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">There is a <see cref="RegistryClientOptions.Handler"/> and also certificates or a proxy, which it could not use.</exception>
    public RegistryClient(RegistryClientOptions? options = null)
    {
        _options = options ?? RegistryClientOptions.Default;
        _options.Check();
        _transport = new(_options);
    }

    /// <summary>Returns a repository.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="name">The repository's name.</param>
    public RemoteRepository GetRepository(RegistryAddress registry, RepositoryName name)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(name);
        return new(_transport, registry, name);
    }

    /// <summary>Returns the repository of a reference, whose tag and digest play no part.</summary>
    /// <param name="reference">The reference.</param>
    public RemoteRepository GetRepository(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return GetRepository(reference.Registry, reference.Repository);
    }

    /// <summary>Returns a repository by its registry and name.</summary>
    /// <param name="name">The name, as <c>ghcr.io/team/api</c>, without tag and digest.</param>
    /// <exception cref="FormatException">The text is not a repository.</exception>
    public RemoteRepository GetRepository(string name)
    {
        ImageReference parsed = ImageReference.Parse(name);
        return parsed is { Tag: null, Digest: null }
            ? GetRepository(parsed)
            : throw new FormatException($"'{name}' names an image in a repository. Leave the tag and the digest away: '{parsed.Registry}/{parsed.Repository}'.");
    }

    /// <summary>Streams the names of a registry's repositories, in the registry's order. Names that no repository can have are passed over.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="RegistryException">The registry has no such list or does not show it, as large public ones; or a page could not be read, and names already yielded stay valid.</exception>
    /// <remarks>One request a page, sent when enumeration reaches it. Source: CNCF distribution, "Listing Repositories"; it is no part of the OCI specification.</remarks>
    public async IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(RegistryAddress registry, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        RegistryRequest request = new(registry, HttpMethod.Get, "/v2/_catalog", "list repositories") { Scopes = ["registry:catalog:*"] };
        await foreach (string text in NamePages.ReadAsync(_transport, $"registry {registry}", request, "repositories", cancellationToken).ConfigureAwait(false))
        {
            if (RepositoryName.TryParse(text, out RepositoryName? name))
            {
                yield return name;
            }
        }
    }

    /// <summary>Shows a credential to a registry, as a login does before it stores it. The client's own credentials play no part, and this one is not kept.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What the registry said. Rights to single repositories are not asked for.</returns>
    /// <exception cref="RegistryException">The registry could not be asked, or is none.</exception>
    /// <remarks>One request for <c>/v2/</c>, and what it takes to answer its challenge. Source: OCI distribution-spec 1.1, "Determining Support".</remarks>
    public async Task<CredentialCheck> CheckCredentialAsync(RegistryAddress registry, Credential credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(credential);
        ProvenCredential proven = new(registry, credential);
        using RegistryTransport transport = new(_options with { Credentials = proven });
        RegistryRequest request = new(registry, HttpMethod.Get, "/v2/", "check the credential");
        try
        {
            using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? proven.WasAsked ? new(CredentialVerdict.Accepted, response.StatusCode, "the registry took it") : new(CredentialVerdict.NotAsked, response.StatusCode, "the registry asked for none")
                : throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return new(CredentialVerdict.Refused, e.StatusCode, e.Message);
        }
    }

    IRepository IRepositoryProvider.GetRepository(RegistryAddress registry, RepositoryName name) => GetRepository(registry, name);

    /// <summary>Closes the client's connections.</summary>
    /// <remarks>Uploads that <see cref="RemoteRepository.TryMountAsync"/> opened and nothing was written to stay open at their registries until those forget them; <see cref="DisposeAsync"/> cancels them.</remarks>
    public void Dispose() => _transport.Dispose();

    /// <summary>Cancels uploads that mounts opened and nothing was written to, for five seconds at most, and closes the client's connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transport.LeftSessions.CancelAllAsync().ConfigureAwait(false);
        Dispose();
    }
}

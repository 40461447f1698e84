using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reaches the repositories of any registry. One client serves every host; safe for use by several threads.</summary>
public sealed class RegistryClient : IRepositoryProvider, IDisposable
{
    private readonly RegistryTransport _transport;

    /// <summary>Creates a client. Nothing is sent until a repository is used.</summary>
    /// <param name="options">How; <see cref="RegistryClientOptions.Default"/> if <see langword="null"/>.</param>
    public RegistryClient(RegistryClientOptions? options = null) => _transport = new(options ?? RegistryClientOptions.Default);

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
    /// <param name="reference">The reference, as <c>ghcr.io/team/api</c>.</param>
    /// <exception cref="FormatException">The text is not a reference.</exception>
    public RemoteRepository GetRepository(string reference)
    {
        ImageReference parsed = ImageReference.Parse(reference);
        return GetRepository(parsed.Registry, parsed.Repository);
    }

    IRepository IRepositoryProvider.GetRepository(RegistryAddress registry, RepositoryName name) => GetRepository(registry, name);

    /// <summary>Closes the client's connections.</summary>
    public void Dispose() => _transport.Dispose();
}

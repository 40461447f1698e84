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

    IRepository IRepositoryProvider.GetRepository(RegistryAddress registry, RepositoryName name) => GetRepository(registry, name);

    /// <summary>Closes the client's connections.</summary>
    public void Dispose() => _transport.Dispose();
}

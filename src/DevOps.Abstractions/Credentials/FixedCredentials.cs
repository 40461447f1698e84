using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Credentials;

/// <summary>Credentials that the program holds itself, each for one registry.</summary>
public sealed class FixedCredentials : ICredentialSource
{
    private readonly ConcurrentDictionary<RegistryAddress, Credential> _credentials = new();

    /// <summary>Adds or replaces the credential of one registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="credential">Its credential.</param>
    /// <returns>This object.</returns>
    public FixedCredentials Add(RegistryAddress registry, Credential credential)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(credential);
        _credentials[registry] = credential;
        return this;
    }

    /// <inheritdoc/>
    public ValueTask<Credential?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(_credentials.GetValueOrDefault(registry));
}

namespace DevOps.Registry.Server;

/// <summary>Asks nobody who it is, and lets everybody do the same.</summary>
/// <param name="actions">What everybody may do: <see cref="RegistryActions.Pull"/> and <see cref="RegistryActions.Catalog"/> make a registry that can only be read.</param>
public sealed class AnonymousAuthorizer(RegistryActions actions = RegistryActions.All) : IRegistryAuthorizer
{
    /// <inheritdoc/>
    public ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ValueTask.FromResult((request.Actions & ~actions) == 0 ? RegistryAccess.Allowed : RegistryAccess.Denied);
    }
}

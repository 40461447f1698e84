namespace DevOps.Registry.Server;

/// <summary>Decides over every request to a registry. Called by several threads.</summary>
public interface IRegistryAuthorizer
{
    /// <summary>Decides over one action on one repository. A request may lead to several questions: one for a target and one for the source of a mount, or one for each name of a catalog.</summary>
    /// <param name="request">Who asks, for what.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    ValueTask<RegistryAccess> AuthorizeAsync(RegistryAccessRequest request, CancellationToken cancellationToken = default);
}

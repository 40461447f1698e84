using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Compares what is asked with what rights give.</summary>
internal static class RegistryRightsCheck
{
    internal static RegistryRights KnownUsersMayAll { get; } = (userName, _, _) => ValueTask.FromResult(userName is null ? RegistryActions.None : RegistryActions.All);

    internal static async ValueTask<bool> AllowAsync(this RegistryRights rights, string? userName, RegistryAccessRequest request, CancellationToken cancellationToken)
    {
        RegistryActions granted = await rights(userName, request.Repository, cancellationToken).ConfigureAwait(false);
        return (Needed(request.Repository, request.Actions) & ~granted) == 0;
    }

    // Whether a name may stand in a catalog is whether it may be read.
    private static RegistryActions Needed(RepositoryName? repository, RegistryActions actions) =>
        repository is not null && actions.HasFlag(RegistryActions.Catalog) ? (actions & ~RegistryActions.Catalog) | RegistryActions.Pull : actions;
}

using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Says what a user may do.</summary>
/// <param name="userName">The user; <see langword="null"/> is whoever has no credentials.</param>
/// <param name="repository">The repository; <see langword="null"/> is the registry itself, where only <see cref="RegistryActions.Catalog"/> has a meaning.</param>
/// <param name="cancellationToken">Stops the question.</param>
/// <returns>All that is allowed. A repository is listed in the catalog to whom it gives <see cref="RegistryActions.Pull"/>.</returns>
public delegate ValueTask<RegistryActions> RegistryRights(string? userName, RepositoryName? repository, CancellationToken cancellationToken);

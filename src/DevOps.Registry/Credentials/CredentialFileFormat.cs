namespace DevOps.Registry;

/// <summary>Whose rules a file of credentials follows.</summary>
public enum CredentialFileFormat
{
    /// <summary>Docker's <c>config.json</c>: helpers per registry, then the store of all registries, then entries in the file. A key with a path counts for its host.</summary>
    DockerConfig,

    /// <summary>Podman's <c>auth.json</c>: helpers per registry, then entries in the file, whose keys may name a namespace or a repository.</summary>
    ContainersAuth,

    /// <summary>Docker's <c>.dockercfg</c> of old: only entries.</summary>
    LegacyDocker,
}

namespace DevOps.Registry.Server;

/// <summary>What clients may delete.</summary>
[Flags]
public enum RegistryDeletions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Tags, which leaves their manifests.</summary>
    Tags = 1,

    /// <summary>Manifests, by digest.</summary>
    Manifests = 2,

    /// <summary>Blobs, from a repository.</summary>
    Blobs = 4,

    /// <summary>Everything.</summary>
    All = Tags | Manifests | Blobs,
}

namespace DevOps.Registry.Server;

/// <summary>What happened in a registry.</summary>
public enum RegistryEventKind
{
    /// <summary>A blob came.</summary>
    BlobPushed,

    /// <summary>A blob was taken over from another repository.</summary>
    BlobMounted,

    /// <summary>A blob was sent, or a range of it.</summary>
    BlobPulled,

    /// <summary>A repository forgot a blob.</summary>
    BlobDeleted,

    /// <summary>A manifest came, and got its tags.</summary>
    ManifestPushed,

    /// <summary>A manifest was sent.</summary>
    ManifestPulled,

    /// <summary>A manifest was deleted, and its tags.</summary>
    ManifestDeleted,

    /// <summary>A tag was deleted; its manifest stays.</summary>
    TagDeleted,
}

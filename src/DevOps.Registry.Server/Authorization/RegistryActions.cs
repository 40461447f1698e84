namespace DevOps.Registry.Server;

/// <summary>What a caller may do, or asks to do.</summary>
[Flags]
public enum RegistryActions
{
    /// <summary>Nothing in particular: only to be known. The registry's ping asks for it.</summary>
    None = 0,

    /// <summary>Read: manifests, blobs, tags and referrers.</summary>
    Pull = 1,

    /// <summary>Add: upload blobs, push manifests, set tags that do not exist.</summary>
    Push = 2,

    /// <summary>Move a tag that exists to other content, or give a manifest that states no media type another. Asked beside <see cref="Push"/>, so that tags can be made and yet not be changed.</summary>
    Overwrite = 4,

    /// <summary>Delete tags, manifests and blobs.</summary>
    Delete = 8,

    /// <summary>List repositories. A right on the registry, not on a repository.</summary>
    Catalog = 16,

    /// <summary>Everything.</summary>
    All = Pull | Push | Overwrite | Delete | Catalog,
}

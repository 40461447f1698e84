namespace DevOps.Registry.Server;

/// <summary>Kinds of requests, by their paths; kinds can be combined.</summary>
[Flags]
public enum RegistryRequestKind
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The ping, <c>/v2/</c>.</summary>
    Ping = 1,

    /// <summary>The list of repositories.</summary>
    Catalog = 2,

    /// <summary>A blob.</summary>
    Blob = 4,

    /// <summary>An upload in any phase, from its start to its end.</summary>
    Upload = 8,

    /// <summary>A manifest, by tag or digest.</summary>
    Manifest = 16,

    /// <summary>The list of tags.</summary>
    Tags = 32,

    /// <summary>The list of referrers.</summary>
    Referrers = 64,

    /// <summary>A token.</summary>
    Token = 128,

    /// <summary>Any other path.</summary>
    Other = 256,

    /// <summary>Every request.</summary>
    Any = Ping | Catalog | Blob | Upload | Manifest | Tags | Referrers | Token | Other,
}

namespace DevOps.Archives.Directories;

/// <summary>Which extended attributes of files are packed. On Linux; elsewhere there are none.</summary>
/// <remarks>Source: Linux man-pages, xattr(7), capabilities(7).</remarks>
public enum ExtendedAttributes
{
    /// <summary>None, so that they change no bytes.</summary>
    Ignore,

    /// <summary>Only <c>security.capability</c>, what <c>setcap</c> sets: a program that may bind low ports needs no more.</summary>
    Capabilities,

    /// <summary>
    /// All that belong to the file and not to the machine it is on. Left out are labels and seals of security modules (<c>security.selinux</c>, <c>security.SMACK64…</c>, <c>security.apparmor</c>, <c>security.evm</c>),
    /// access lists of NFS (<c>system.nfs4_…</c>), what overlay file systems and rootless containers note for themselves (<c>trusted.overlay.</c>, <c>user.overlay.</c>, <c>user.fuseoverlayfs.</c>,
    /// <c>user.containers.</c>, <c>user.rootlesscontainers</c>), properties of btrfs, and empty values, which a record cannot hold. What the process may not see, as <c>trusted.…</c> without rights, is left out too.
    /// </summary>
    Keep,
}

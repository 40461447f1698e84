namespace DevOps.Archives.Caching;

/// <summary>How an archive is looked up in a cache before it is packed.</summary>
public enum CacheLookup
{
    /// <summary>By what the file system says of each file: size, times, inode, device. No file is read. On Linux; elsewhere nothing is found, as the times of changes are not known.</summary>
    Status,

    /// <summary>By status, and if that finds nothing by content: every file is read and hashed, and nothing is compressed. For fresh checkouts, whose times and inodes are new. What is found by neither is read twice.</summary>
    StatusThenContent,
}

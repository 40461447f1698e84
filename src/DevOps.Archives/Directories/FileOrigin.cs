namespace DevOps.Archives.Directories;

/// <summary>What tells a file from all others on its machine, and when anything about it was changed; that time no program can set.</summary>
internal readonly record struct FileOrigin(uint DeviceMajor, uint DeviceMinor, ulong Inode, uint LinkCount, FileTime Changed)
{
    /// <summary>Gets what all names of one file have in common.</summary>
    internal (uint Major, uint Minor, ulong Inode) Identity => (DeviceMajor, DeviceMinor, Inode);
}

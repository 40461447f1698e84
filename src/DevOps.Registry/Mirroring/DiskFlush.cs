namespace DevOps.Registry;

/// <summary>How far a line goes before work goes on.</summary>
internal enum DiskFlush
{
    /// <summary>To the operating system: it outlives the process.</summary>
    None,

    /// <summary>To the disk: it outlives the power.</summary>
    ToDisk,
}

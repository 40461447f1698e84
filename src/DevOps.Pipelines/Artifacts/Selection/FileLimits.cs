namespace DevOps.Pipelines;

/// <summary>How much may be chosen; checked while walking, before anything is read.</summary>
internal readonly record struct FileLimits(long MaxFiles, long MaxBytes)
{
    internal void CheckFiles(long count, string path)
    {
        if (count > MaxFiles)
        {
            throw new FileLimitException($"more than {MaxFiles} files and directories are chosen, from '{path}' on", MaxFiles);
        }
    }

    internal void CheckBytes(long bytes, string path)
    {
        if (bytes > MaxBytes)
        {
            throw new FileLimitException($"the chosen files have more than {MaxBytes} bytes, from '{path}' on", MaxBytes);
        }
    }
}

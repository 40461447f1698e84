namespace DevOps.Registry.Server;

/// <summary>Excludes everyone else, in this process and in others, for the time of a few calls to the file system. The system gives it back when its holder is killed.</summary>
internal sealed class FolderLock : IDisposable
{
    private const int MaxTries = 20_000;
    private const int MaxDelayMilliseconds = 15;

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock. Whoever has it has it for microseconds, so the wait spins, and sleeps a little when it spun for long.</summary>
    internal static FolderLock Enter(string path)
    {
        SpinWait wait = default;
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0));
            }
            catch (IOException e) when (DiskError.IsTaken(e) && tries < MaxTries)
            {
                wait.SpinOnce();
            }
        }
    }

    /// <summary>Waits for the lock without a thread, for holders that write a few files.</summary>
    internal static async Task<FolderLock> EnterAsync(string path, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0));
            }
            catch (IOException e) when (DiskError.IsTaken(e))
            {
                await Task.Delay(Math.Min(tries, MaxDelayMilliseconds), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}

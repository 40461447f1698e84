using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>A run's lease: the lock <c>lease</c> in its folder, and beside it <c>holder</c>, which says who has it. A locked file cannot be read everywhere, so the name stands in one of its own.</summary>
internal sealed class RunLease : IDisposable
{
    private const string LockName = "lease";

    private const string HolderName = "holder";

    private readonly string _holderPath;
    private readonly SafeFileHandle _lock;

    private RunLease(string holderPath, SafeFileHandle handle) => (_holderPath, _lock) = (holderPath, handle);

    internal static RunLease Take(string runId, string folder, RunHolder holder)
    {
        string holderPath = Path.Combine(folder, HolderName);
        RunLease lease = new(holderPath, FileLock.TryEnter(Path.Combine(folder, LockName)) ?? throw new RunLeaseException(runId, ReadHolder(holderPath)));
        TryWriteHolder(holderPath, holder);
        return lease;
    }

    /// <summary>Fails if someone has the lease now.</summary>
    internal static void CheckFree(string runId, string folder)
    {
        using SafeFileHandle? handle = FileLock.TryEnter(Path.Combine(folder, LockName));
        if (handle is null)
        {
            throw new RunLeaseException(runId, ReadHolder(Path.Combine(folder, HolderName)));
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only says who has the lease; the next holder writes its own.
        }

        _lock.Dispose();
    }

    private static void TryWriteHolder(string path, RunHolder holder)
    {
        try
        {
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{holder.Machine}\n{holder.ProcessId}\n{holder.Since:O}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock counts; a full disk must not keep a run from being looked after.
        }
    }

    private static RunHolder? ReadHolder(string path)
    {
        try
        {
            return File.ReadAllLines(path) is [string machine, string process, string since]
                && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && DateTimeOffset.TryParseExact(since, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
                    ? new(machine, id, time)
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

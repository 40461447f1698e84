using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>Where things are below the directory of a <see cref="FolderRunStore"/>, and the lock under which runs come and go. Names with a dot first are never runs.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing, and stores need no disposing.
internal sealed class RunFolders(string directory)
#pragma warning restore CA1001
{
    internal const string FreshPrefix = ".new-";

    internal const string DeletedPrefix = ".deleted-";

    // Within a process nobody needs to look again and again whether the file is free.
    private readonly SemaphoreSlim _local = new(1);

    internal string Directory => directory;

    internal string Groups => Path.Combine(directory, ".groups");

    internal string Of(string runId) => Path.Combine(directory, runId);

    internal string JournalOf(string runId) => Path.Combine(directory, runId, "journal");

    internal string Fresh(string runId) => Path.Combine(directory, FreshPrefix + runId);

    internal string Deleted(string runId) => Path.Combine(directory, DeletedPrefix + runId);

    internal static string InboxOf(string folder) => Path.Combine(folder, "inbox");

    /// <summary>Keeps every other process from creating and deleting runs and from taking leases, for a moment. So no lease can be taken of a folder that is just going away.</summary>
    internal async Task<T> ExclusivelyAsync<T>(Func<T> change, CancellationToken cancellationToken)
    {
        await _local.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using SafeFileHandle held = await FileLock.EnterAsync(Path.Combine(directory, ".lock"), cancellationToken).ConfigureAwait(false);
            return change();
        }
        finally
        {
            _local.Release();
        }
    }

    /// <summary>Removes what processes left that were ended while they made a run. Only under the lock nobody is making one.</summary>
    internal void RemoveFresh()
    {
        foreach (string path in System.IO.Directory.GetDirectories(directory, FreshPrefix + "*"))
        {
            DeleteTree(path);
        }
    }

    /// <summary>Removes runs that were taken away, by this process or by one that was ended. Others may do the same at this moment.</summary>
    internal void RemoveDeleted()
    {
        foreach (string path in System.IO.Directory.GetDirectories(directory, DeletedPrefix + "*"))
        {
            DeleteTree(path);
        }
    }

    internal static void DeleteTree(string path)
    {
        while (System.IO.Directory.Exists(path))
        {
            try
            {
                System.IO.Directory.Delete(path, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Another process deletes it as well.
            }
        }
    }
}

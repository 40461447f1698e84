using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>Keeps runs in a directory, which several processes may use at a time: a folder for each run with its <c>journal</c>, its <c>lease</c> and its <c>inbox</c>.</summary>
/// <remarks>
/// <para>What was acknowledged was flushed to the disk, the names of files included, so it outlives the end of the process and a loss of power, as far as the disk keeps its word. The lease is a lock of the operating system, which is free as
/// soon as its holder is gone. Reading a journal holds 256 KiB of it, or one record if that is longer.</para>
/// <para>A new run takes four flushes of the disk, opening one two, a message two. Nothing is opened before the first call, and nothing is kept open but the journals that were handed out.</para>
/// </remarks>
public sealed class FolderRunStore : IRunStore, IRunDeleter, IRunInbox, IExclusionStore
{
    private static readonly TimeSpan ExclusionPause = TimeSpan.FromMilliseconds(200);

    private readonly RunFolders _folders;
    private readonly FolderRunStoreOptions _options;
    private bool _isDurable;

    /// <summary>Creates a store.</summary>
    /// <param name="directory">Holds the runs; made when the first run is.</param>
    /// <param name="options">How runs are kept; <see cref="FolderRunStoreOptions.Default"/> if not given.</param>
    public FolderRunStore(string directory, FolderRunStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _folders = new(Path.GetFullPath(directory));
        _options = options ?? FolderRunStoreOptions.Default;
    }

    private string Place => $"the directory '{_folders.Directory}'";

    /// <inheritdoc/>
    public async Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default)
    {
        RunIds.Check(runId);
        if (!Volatile.Read(ref _isDurable))
        {
            // Whoever made the directory may have been ended before its name was durable, or be about to make it so.
            DirectoryFlush.Create(_folders.Directory);
            Volatile.Write(ref _isDurable, true);
        }

        RunLease lease = await _folders.ExclusivelyAsync(() => Create(runId), cancellationToken).ConfigureAwait(false);
        return await OpenAsync(runId, lease, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default)
    {
        Find(runId);
        RunLease lease = await _folders.ExclusivelyAsync(
            () =>
            {
                Find(runId);

                // Its creator may have been ended before the name was durable.
                DirectoryFlush.Flush(_folders.Directory);
                return RunLease.Take(runId, _folders.Of(runId), Holder());
            },
            cancellationToken).ConfigureAwait(false);
        return await OpenAsync(runId, lease, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string path = Find(runId);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await foreach (ReadOnlyMemory<byte> record in new JournalReader(file, path).ReadAsync(long.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            yield return record;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Reads 24 bytes of each run before the first is yielded.</remarks>
    public async IAsyncEnumerable<RunEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<RunEntry> runs = [];
        if (Directory.Exists(_folders.Directory))
        {
            foreach (string folder in Directory.EnumerateDirectories(_folders.Directory))
            {
                cancellationToken.ThrowIfCancellationRequested();
                string id = Path.GetFileName(folder);
                if (RunIds.IsValid(id) && Path.Exists(_folders.JournalOf(id)))
                {
                    runs.Add(new(id, await ReadCreatedAtAsync(_folders.JournalOf(id), cancellationToken).ConfigureAwait(false)));
                }
            }
        }

        foreach (RunEntry run in RunOrder.NewestFirst(runs))
        {
            yield return run;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string runId, CancellationToken cancellationToken = default)
    {
        RunIds.Check(runId);
        if (!Directory.Exists(_folders.Directory))
        {
            return false;
        }

        bool found = await _folders.ExclusivelyAsync(() => TryTakeAway(runId), cancellationToken).ConfigureAwait(false);
        _folders.RemoveDeleted();
        return found;
    }

    /// <inheritdoc/>
    public async Task PostAsync(string runId, string messageId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        RunIds.Check(messageId);
        JournalFrame.CheckLength(message.Length);
        Find(runId);
        await _folders.ExclusivelyAsync(
            () =>
            {
                Find(runId);
                new InboxFolder(_folders.Of(runId)).Post(messageId, message.Span);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunMessage> ReadMessagesAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Find(runId);
        await foreach (RunMessage message in new InboxFolder(_folders.Of(runId)).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return message;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Looks every 200 ms, by the clock of the options, whether the lock <c>.groups/HASH</c> is free; HASH is the SHA-256 of the name. These files stay.</remarks>
    public async Task<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        cancellationToken.ThrowIfCancellationRequested();
        string path = Path.Combine(Directory.CreateDirectory(_folders.Groups).FullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
        SafeFileHandle? held;
        while ((held = FileLock.TryEnter(path)) is null)
        {
            await Task.Delay(ExclusionPause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        return new Exclusion(held.Dispose);
    }

    private async Task<IRunJournal> OpenAsync(string runId, RunLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await FolderRunJournal.OpenAsync(Find(runId), lease, _options.MaxQueuedBytes, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private string Find(string runId)
    {
        RunIds.Check(runId);
        string path = _folders.JournalOf(runId);
        return Directory.Exists(path)
            ? throw new JournalDamagedException(path, 0, "a file", "a directory", "Restore the file from a backup, or delete the run.")
            : File.Exists(path) ? path : throw new RunNotFoundException(runId, Place);
    }

    // The folder takes its name when all in it is durable: a run is there whole or not at all.
    private RunLease Create(string runId)
    {
        string folder = _folders.Of(runId);
        if (Path.Exists(folder))
        {
            throw new RunExistsException(runId, Place);
        }

        string fresh = _folders.Fresh(runId);
        RunFolders.DeleteTree(fresh);
        Directory.CreateDirectory(fresh);
        using (SafeFileHandle file = File.OpenHandle(Path.Combine(fresh, "journal"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, JournalHeader.Write(_options.TimeProvider.GetUtcNow()), 0);
            RandomAccess.FlushToDisk(file);
        }

        DirectoryFlush.Flush(fresh);
        Directory.Move(fresh, folder);
        DirectoryFlush.Flush(_folders.Directory);
        return RunLease.Take(runId, folder, Holder());
    }

    private bool TryTakeAway(string runId)
    {
        _folders.RemoveFresh();
        string folder = _folders.Of(runId);
        if (!Path.Exists(_folders.JournalOf(runId)))
        {
            return false;
        }

        RunLease.CheckFree(runId, folder);
        RunFolders.DeleteTree(_folders.Deleted(runId));
        Directory.Move(folder, _folders.Deleted(runId));
        DirectoryFlush.Flush(_folders.Directory);
        return true;
    }

    private RunHolder Holder() => new(_options.MachineName, Environment.ProcessId, _options.TimeProvider.GetUtcNow());

    private static async Task<DateTimeOffset?> ReadCreatedAtAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] header = new byte[JournalHeader.LengthBytes];
            int read = await RandomAccess.ReadAsync(file, header, 0, cancellationToken).ConfigureAwait(false);
            return JournalHeader.Read(header.AsSpan(0, read), path);
        }
        catch (Exception e) when (e is JournalDamagedException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Uploads that are not complete yet, each a file and the name of its repository.</summary>
internal sealed class UploadFolder(string path, TimeProvider time)
{
    private const string OwnerName = "repository";

    private static readonly TimeSpan MaxStopTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, UploadVisit> _busy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UploadHash> _hashes = new(StringComparer.Ordinal);
    private readonly Lock _countLock = new();
    private HashSet<string>? _open;
    private long _readAgainBytes;

    /// <summary>Gets how many bytes of uploads were read again to hash them.</summary>
    internal long ReadAgainBytes => Interlocked.Read(ref _readAgainBytes);

    /// <summary>Gets how many uploads are open, as far as this process knows.</summary>
    internal int OpenCount
    {
        get
        {
            lock (_countLock)
            {
                return _open?.Count ?? 0;
            }
        }
    }

    internal DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Takes an upload for one request. Two that wrote at once would mix their bytes, and one could go on writing into what the other completed.</summary>
    /// <returns>Gives the upload back when disposed; <see langword="null"/> if another request has it.</returns>
    internal UploadVisit? TryEnter(string id)
    {
        UploadVisit visit = new(ended => _busy.TryRemove(new(id, ended)));
        return _busy.TryAdd(id, visit) ? visit : null;
    }

    /// <summary>Takes an upload that is to end, from whatever request has it.</summary>
    /// <exception cref="RegistryError">A request did not stop in time.</exception>
    internal async Task<UploadVisit> TakeOverAsync(string id)
    {
        using CancellationTokenSource limit = new(MaxStopTime, time);
        try
        {
            UploadVisit? visit;
            while ((visit = TryEnter(id)) is null)
            {
                if (_busy.TryGetValue(id, out UploadVisit? other))
                {
                    await other.StopAsync(limit.Token).ConfigureAwait(false);
                }
            }

            return visit;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw RegistryError.UploadBusy;
        }
    }

    /// <summary>Opens an upload that clients can go on with.</summary>
    /// <returns>The upload; <see langword="null"/> if as many are open as may be.</returns>
    internal Upload? TryCreate(RepositoryName repository, DigestAlgorithm algorithm, int maxOpen)
    {
        string id = NewId();
        if (!TryCount(id, maxOpen))
        {
            return null;
        }

        Upload upload = Create(id, repository.Value);
        _hashes[id] = new(algorithm);
        return upload;
    }

    /// <summary>Opens an upload that ends with the request that brings it.</summary>
    internal Upload CreateForOneRequest(DigestAlgorithm algorithm)
    {
        string id = NewId();
        Upload upload = Create(id, owner: null);
        _hashes[id] = new(algorithm);
        return upload;
    }

    /// <summary>Returns an upload, if it is one of this repository.</summary>
    internal Upload? Find(RepositoryName repository, string id)
    {
        // The id goes into a path: only what is made here is let through.
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        string folder = Path.Combine(path, id);
        try
        {
            return File.ReadAllText(Path.Combine(folder, OwnerName)) == repository.Value ? new(this, id, folder) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It is over; another process may have ended it.
            Forget(id);
            return null;
        }
    }

    /// <summary>Lists the folders of all uploads.</summary>
    internal IEnumerable<string> List() => Directory.Exists(path) ? Directory.EnumerateDirectories(path) : [];

    /// <summary>Takes the hash of what an upload's file holds, if it is at hand.</summary>
    internal UploadHash? TakeHash(string id, FileInfo file)
    {
        if (_hashes.TryRemove(id, out UploadHash? hash) && !hash.IsOf(file))
        {
            hash.Dispose();
            hash = null;
        }

        return hash ?? (file.Length == 0 ? new(DigestAlgorithm.Sha256) : null);
    }

    internal void KeepHash(string id, UploadHash hash) => _hashes[id] = hash;

    internal void CountReadAgain(long lengthBytes) => Interlocked.Add(ref _readAgainBytes, lengthBytes);

    /// <summary>Forgets what is kept in memory of an upload that is over.</summary>
    internal void Forget(string id)
    {
        if (_hashes.TryRemove(id, out UploadHash? hash))
        {
            hash.Dispose();
        }

        lock (_countLock)
        {
            _open?.Remove(id);
        }
    }

    /// <summary>Removes an upload that nobody has brought a byte to since a time, and that nobody is at now.</summary>
    /// <returns>How many bytes it had; <see langword="null"/> if it stays.</returns>
    internal long? RemoveIfAbandoned(string folder, DateTimeOffset cutoff, RegistryGarbageMode mode)
    {
        string id = Path.GetFileName(folder);
        if (LastUse(folder) >= cutoff.UtcDateTime)
        {
            return null;
        }

        using UploadVisit? visit = TryEnter(id);
        FileInfo data = new(Path.Combine(folder, Upload.DataName));
        if (visit is null || mode is RegistryGarbageMode.DryRun)
        {
            return visit is null ? null : data.Exists ? data.Length : 0;
        }

        try
        {
            // Whoever is at it in another process has the file open, and whoever comes now cannot open it.
            using FileStream? file = data.Exists ? new(data.FullName, FileMode.Open, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None) : null;
            if (LastUse(folder) >= cutoff.UtcDateTime)
            {
                return null;
            }

            long length = file?.Length ?? 0;
            Forget(id);
            Directory.Delete(folder, recursive: true);
            return length;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static DateTime LastUse(string folder)
    {
        FileInfo data = new(Path.Combine(folder, Upload.DataName));
        return data.Exists ? data.LastWriteTimeUtc : Directory.GetLastWriteTimeUtc(folder);
    }

    // Other processes open and end uploads too, so the directory has the last word; it is read at the start and when the limit is met.
    private bool TryCount(string id, int maxOpen)
    {
        lock (_countLock)
        {
            if (_open is null || _open.Count >= maxOpen)
            {
                _open = [.. List().Select(folder => Path.GetFileName(folder)!)];
                ForgetEnded(_open);
            }

            return _open.Count < maxOpen && _open.Add(id);
        }
    }

    // Hashes of uploads that another process ended; one that is being written is in its request's hands, not here.
    private void ForgetEnded(HashSet<string> open)
    {
        foreach (string id in _hashes.Keys.Where(id => !open.Contains(id)))
        {
            if (!Directory.Exists(Path.Combine(path, id)) && _hashes.TryRemove(id, out UploadHash? hash))
            {
                hash.Dispose();
            }
        }
    }

    private Upload Create(string id, string? owner)
    {
        string folder = Path.Combine(path, id);
        Upload upload = new(this, id, folder);
        try
        {
            Directory.CreateDirectory(folder);
            File.OpenHandle(Path.Combine(folder, Upload.DataName), FileMode.CreateNew, FileAccess.Write).Dispose();
            File.SetLastWriteTimeUtc(Path.Combine(folder, Upload.DataName), Now);
            if (owner is not null)
            {
                File.WriteAllText(Path.Combine(folder, OwnerName), owner);
            }

            return upload;
        }
        catch
        {
            // A full disk would be filled up by those who try again.
            upload.Cancel();
            throw;
        }
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

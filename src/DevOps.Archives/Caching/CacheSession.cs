namespace DevOps.Archives.Caching;

/// <summary>One pack's use of a cache: what it found, what it stored, and what failed. Safe for use by several threads.</summary>
internal sealed class CacheSession(PackCache cache) : IDisposable
{
    private long _reused;
    private long _compressed;
    private long _failures;
    private long _stored;
    private string? _warning;
    private volatile bool _isReadOnly;

    internal PackCache Cache => cache;

    internal CacheFolder Folder => cache.Folder;

    internal void CountReused() => Interlocked.Increment(ref _reused);

    internal void CountCompressed() => Interlocked.Increment(ref _compressed);

    /// <summary>Notes that the cache held something that is not what it should be.</summary>
    internal void Damaged(string entry) => Fail($"'{entry}' is damaged, or was changed or copied since it was stored, and was not used.");

    /// <summary>Runs something that reads the cache.</summary>
    /// <returns><see langword="null"/> also where it failed.</returns>
    internal T? Read<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another process made room.
            return default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail($"The cache '{Folder.Path}' cannot be read: {exception.Message}");
            return default;
        }
    }

    /// <summary>Runs something that stores bytes, unless storing failed before or the pack has stored as much as the cache may hold.</summary>
    /// <returns>Whether it succeeded.</returns>
    internal bool Write(long bytes, Action write)
    {
        if (_isReadOnly || Volatile.Read(ref _stored) + bytes > cache.Options.MaxBytes)
        {
            return false;
        }

        try
        {
            write();
            Interlocked.Add(ref _stored, bytes);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Someone dropped the cache meanwhile.
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            FailWriting(exception);
            return false;
        }
    }

    private void FailWriting(Exception exception)
    {
        _isReadOnly = true;
        Fail($"The cache '{Folder.Path}' cannot be written, so nothing more is stored: {exception.Message}");
    }

    /// <summary>Removes a file of the cache, which a later trim does if this cannot.</summary>
    internal static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Ends the pack: makes room, if what it stored brought the cache above its bound.</summary>
    internal CacheUse End(CacheOutcome outcome)
    {
        Dispose();
        return new()
        {
            Outcome = outcome,
            ReusedSegments = Interlocked.Read(ref _reused),
            CompressedSegments = Interlocked.Read(ref _compressed),
            FailureCount = Interlocked.Read(ref _failures),
            Warning = _warning,
        };
    }

    /// <summary>Counts what was stored, also where the pack failed.</summary>
    public void Dispose()
    {
        long stored = Interlocked.Exchange(ref _stored, 0);
        if (stored == 0)
        {
            return;
        }

        try
        {
            CacheTrim.Added(cache, stored);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Someone dropped the cache meanwhile.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            FailWriting(exception);
        }
    }

    private void Fail(string warning)
    {
        Interlocked.Increment(ref _failures);
        Interlocked.CompareExchange(ref _warning, warning, null);
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using DevOps.Archives;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Keeps records in a directory, each as a file with a hash of its content. Several processes may use it at once.</summary>
/// <remarks>A record's time of modification says when it was written, that of access when it was used; both are set from the clock.</remarks>
public sealed class FolderCacheRecords : ICacheRecords
{
    private const string Version = "1";
    private const string NameFile = "name";
    private const int MaxRecordBytes = 64 << 20;
    private const int MaxNameBytes = 1 << 14;
    private const int HashLength = 64;

    private readonly string _records;
    private readonly TimeProvider _timeProvider;

    /// <summary>Uses a directory; it is made when something is written.</summary>
    /// <param name="directory">The directory. Give each cache one of its own.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    public FolderCacheRecords(string directory, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        DirectoryPath = Path.GetFullPath(directory);
        _records = Path.Combine(DirectoryPath, Version);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Gets the directory.</summary>
    public string DirectoryPath { get; }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string name, Digest key, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name, key);
        byte[] bytes;
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                long length = file.Length;
                if (length is < HashLength or > MaxRecordBytes)
                {
                    throw Damaged(path);
                }

                bytes = new byte[length];
                await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        ReadOnlyMemory<byte> record = bytes.AsMemory(HashLength);
        if (!Encoding.ASCII.GetBytes(Digest.Compute(record.Span).Hex).AsSpan().SequenceEqual(bytes.AsSpan(0, HashLength)))
        {
            throw Damaged(path);
        }

        Touch(path);
        return record;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The record has more than 64 MiB, or the name more than 16 KiB.</exception>
    public async Task WriteAsync(string name, Digest key, ReadOnlyMemory<byte> record, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name, key);
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        if (record.Length > MaxRecordBytes - HashLength || nameBytes.Length > MaxNameBytes)
        {
            throw new ArgumentException($"The record '{name[..Math.Min(name.Length, 100)]}' is too large: {record.Length} bytes of {MaxRecordBytes - HashLength}, and {nameBytes.Length} of {MaxNameBytes} for its name.", nameof(record));
        }

        string directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        string nameFile = Path.Combine(directory, NameFile);
        if (!File.Exists(nameFile))
        {
            await AtomicFile.WriteAllBytesAsync(nameFile, nameBytes, cancellationToken).ConfigureAwait(false);
        }

        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await file.Content.WriteAsync(Encoding.ASCII.GetBytes(Digest.Compute(record.Span).Hex), cancellationToken).ConfigureAwait(false);
            await file.Content.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            file.Commit();
        }

        Touch(path, isWritten: true);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CacheRecordInfo> ListAsync(string namePrefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(namePrefix);
        DirectoryInfo records = new(_records);
        foreach (DirectoryInfo directory in records.Exists ? records.EnumerateDirectories() : [])
        {
            FileInfo nameFile = new(Path.Combine(directory.FullName, NameFile));
            if (!nameFile.Exists || nameFile.Length > MaxNameBytes)
            {
                continue;
            }

            string name = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(nameFile.FullName, cancellationToken).ConfigureAwait(false));

            // A directory with another's name would give its records to that one.
            if (!name.StartsWith(namePrefix, StringComparison.Ordinal) || FolderOf(name) != directory.Name)
            {
                continue;
            }

            foreach (FileInfo file in directory.EnumerateFiles())
            {
                if (Digest.TryParse("sha256:" + file.Name, out Digest? key) && file.Exists)
                {
                    yield return new(name, key, file.LastWriteTimeUtc, file.LastAccessTimeUtc);
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string name, Digest key, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name, key);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    private static InvalidContentException Damaged(string path) => new("cache record", $"'{path}' is damaged", remedy: "Delete it; the cache writes it again.");

    // Names have any characters and lengths, and file systems that do not tell large letters from small.
    private static string FolderOf(string name) => Digest.Compute(Encoding.UTF8.GetBytes(name)).Hex[..32];

    private string PathOf(string name, Digest key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(key);
        return Path.Combine(_records, FolderOf(name), key.Hex);
    }

    // A folder may be for reading only, and a record may be gone by now.
    private void Touch(string path, bool isWritten = false)
    {
        try
        {
            DateTime now = _timeProvider.GetUtcNow().UtcDateTime;
            File.SetLastAccessTimeUtc(path, now);
            if (isWritten)
            {
                File.SetLastWriteTimeUtc(path, now);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}

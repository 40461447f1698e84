using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevOps.Registry.Server;

/// <summary>Users and passwords in a file that <c>htpasswd -B</c> keeps. Only bcrypt hashes count; the other kinds that htpasswd knows are too weak, and nobody gets in by them.</summary>
/// <remarks>
/// The file is read again when it has changed, with the next password that comes. While it cannot be read, nobody is let in. Hashing is limited, remembered and in constant time; see
/// <see cref="HtpasswdOptions"/>. Only numbers of lines are logged, no names and no passwords.
/// </remarks>
public sealed partial class HtpasswdFile : IPasswordVerifier, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly PasswordGate _gate;
    private readonly PasswordCache _cache;
    private readonly byte[] _cacheKey = RandomNumberGenerator.GetBytes(32);
    private HtpasswdEntries _entries = HtpasswdEntries.Empty;
    private FileStamp? _stamp;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The limits; <see cref="HtpasswdOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="logger">Where lines that cannot be used are told; nowhere if <see langword="null"/>.</param>
    /// <param name="timeProvider">The clock that says whether a file has only just been written; the system's if <see langword="null"/>.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public HtpasswdFile(string path, HtpasswdOptions? options = null, ILogger? logger = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= HtpasswdOptions.Default;
        (_path, _logger, _timeProvider) = (Path.GetFullPath(path), logger ?? NullLogger.Instance, timeProvider ?? TimeProvider.System);
        Read();
        _gate = new(options.MaxParallelChecks, options.MaxWaitingChecks);
        _cache = new(options.RememberedVerdicts);
    }

    /// <inheritdoc/>
    public async ValueTask<PasswordVerdict> VerifyAsync(string userName, string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        HtpasswdEntries entries = Current();
        bool isKnown = entries.Hashes.TryGetValue(userName, out Bcrypt? hash);
        hash ??= entries.Unknown(BinaryPrimitives.ReadUInt32LittleEndian(HMACSHA256.HashData(_cacheKey, Encoding.UTF8.GetBytes(userName))));
        string key = CacheKey(userName, password, hash);
        if (_cache.Find(key) is { } remembered)
        {
            return remembered ? PasswordVerdict.Accepted : PasswordVerdict.Rejected;
        }

        Task<bool>? check = _gate.TryRun(key, userName, () =>
        {
            bool isRight = hash.Verify(password) & isKnown;
            _cache.Add(key, isRight);
            return isRight;
        });
        return check is null ? PasswordVerdict.Busy
            : await check.WaitAsync(cancellationToken).ConfigureAwait(false) ? PasswordVerdict.Accepted
            : PasswordVerdict.Rejected;
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // The hash is part of the key: with a new one, what was remembered of the old is not found any more.
    private string CacheKey(string userName, string password, Bcrypt hash)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _cacheKey);
        Span<byte> length = stackalloc byte[4];
        foreach (string part in (ReadOnlySpan<string>)[userName, password])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            mac.AppendData(length);
            mac.AppendData(bytes);
        }

        hash.AppendTo(mac);
        return Convert.ToBase64String(mac.GetHashAndReset());
    }

    private HtpasswdEntries Current()
    {
        lock (_lock)
        {
            try
            {
                if (_stamp is null || _stamp != FileStamp.Of(_path))
                {
                    Read();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_entries != HtpasswdEntries.Empty)
                {
                    LogUnreadable(_logger, _path, e);
                }

                (_entries, _stamp) = (HtpasswdEntries.Empty, null);
            }

            return _entries;
        }
    }

    private void Read()
    {
        FileStamp before = FileStamp.Of(_path);
        HtpasswdEntries entries = HtpasswdEntries.Parse(File.ReadAllText(_path));
        if (!entries.Unusable.SequenceEqual(_entries.Unusable) && entries.Unusable.Count > 0)
        {
            LogUnusable(_logger, _path, string.Join(", ", entries.Unusable));
        }

        // A file that was written a moment ago may be written again with the same time: it is read again until it is older.
        bool isSettled = before == FileStamp.Of(_path) && (_timeProvider.GetUtcNow() - before.WrittenAt).Duration() > TimeSpan.FromSeconds(2);
        (_entries, _stamp) = (entries, isSettled ? before : null);
    }

    [LoggerMessage(LogLevel.Warning, "{Path}: the lines {Lines} hold no bcrypt hash of a cost up to 17 and are ignored; make them with htpasswd -B")]
    private static partial void LogUnusable(ILogger logger, string path, string lines);

    [LoggerMessage(LogLevel.Error, "{Path} cannot be read: nobody is let in")]
    private static partial void LogUnreadable(ILogger logger, string path, Exception exception);

    private sealed record FileStamp(DateTime WrittenAt, long LengthBytes)
    {
        internal static FileStamp Of(string path)
        {
            FileInfo file = new(path);
            return file.Exists ? new(file.LastWriteTimeUtc, file.Length) : throw new FileNotFoundException($"'{path}' does not exist. Make it with: htpasswd -Bc {path} NAME", path);
        }
    }
}

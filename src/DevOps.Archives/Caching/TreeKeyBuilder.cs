using System.Runtime.CompilerServices;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Caching;

/// <summary>Computes a <see cref="TreeKey"/> of members as they come by.</summary>
internal sealed class TreeKeyBuilder : IDisposable
{
    // Counts up when what is hashed changes, or the bytes of an archive of the same members.
    private const string Version = "devops-tree/1 tar/1";

    private const int NoContent = 0;
    private const int InMemory = 1;
    private const int OnDisk = 2;

    // File systems with whole seconds keep every second one at worst.
    private static readonly TimeSpan CoarseGranularity = TimeSpan.FromSeconds(2);

    private readonly KeyWriter _key = new();
    private readonly FileTime _fine;
    private readonly FileTime _coarse;
    private bool _isSettled = true;

    internal TreeKeyBuilder(string recipe, PackCacheOptions options)
    {
        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        _fine = FileTime.From(now - options.ClockGranularity);
        _coarse = FileTime.From(now - (options.ClockGranularity > CoarseGranularity ? options.ClockGranularity : CoarseGranularity));
        _key.Add(Version);
        _key.Add(recipe);
    }

    /// <summary>Gets whether there is a key: not where content can only be known by reading it, as from streams, or from files on a system that does not tell when they were changed.</summary>
    internal bool IsKnown { get; private set; } = true;

    /// <summary>Passes members on, each added before what comes behind reads it: what changes later has another time than the key says.</summary>
    internal async IAsyncEnumerable<TarItem> Watch(IAsyncEnumerable<TarItem> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (TarItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Add(item);
            yield return item;
        }
    }

    internal void Add(TarItem item)
    {
        if (!IsKnown)
        {
            return;
        }

        Add(item.Member);
        switch (item.Content)
        {
            case null:
                _key.Add(NoContent);
                break;
            case { Bytes: { } bytes }:
                _key.Add(InMemory);
                _key.Add(bytes.Span);
                break;
            case { FilePath: { } path } content when (content.Status ?? StatusOf(path)) is { Origin: { } origin } status:
                Add(status, origin);
                _isSettled &= origin.Changed.CompareTo(origin.Changed.Nanoseconds == 0 ? _coarse : _fine) < 0;
                break;
            default:
                IsKnown = false;
                break;
        }
    }

    /// <summary>Returns the key of what was added; <see langword="null"/> if there is none.</summary>
    internal TreeKey? ToKey() => IsKnown ? new(_key.ToKey(), _isSettled) : null;

    public void Dispose() => _key.Dispose();

    private static FileStatus? StatusOf(string path) => OperatingSystem.IsLinux() ? LinuxFileStatus.ReadFollowed(path) : null;

    private void Add(TarMember member)
    {
        _key.Add((int)member.Kind);
        _key.Add(member.Path);
        _key.Add(member.LinkTarget);
        _key.Add(member.Mode);
        _key.Add(member.OwnerId);
        _key.Add(member.GroupId);
        _key.Add(member.ModifiedAt.ToUnixTimeSeconds());
        _key.Add(member.LengthBytes);
        _key.Add(member.ExtendedAttributes.Count);
        if (member.ExtendedAttributes.IsEmpty)
        {
            return;
        }

        foreach ((string name, ReadOnlyMemory<byte> value) in member.ExtendedAttributes)
        {
            _key.Add(name);
            _key.Add(value.Span);
        }
    }

    private void Add(in FileStatus status, in FileOrigin origin)
    {
        _key.Add(OnDisk);
        _key.Add(status.LengthBytes);
        Add(status.Modified);
        Add(origin.Changed);
        _key.Add((long)origin.Inode);
        _key.Add(((long)origin.DeviceMajor << 32) | origin.DeviceMinor);
    }

    private void Add(FileTime time)
    {
        _key.Add(time.Seconds);
        _key.Add(time.Nanoseconds);
    }
}

using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Caching;

/// <summary>What an archive is found by without reading a file: the recipe, all that its headers will say, and what the file system says of each file.</summary>
/// <param name="Name">The key, a hash in hexadecimal.</param>
/// <param name="IsSettled">Whether every later write will show. A file that was written just before it was looked at may be written again within the same tick of the clock.</param>
internal sealed record TreeKey(string Name, bool IsSettled)
{
    // Counts up when what is hashed changes, or the bytes of an archive of the same members.
    private const string Version = "devops-tree/1 tar/1";

    private const int NoContent = 0;
    private const int InMemory = 1;
    private const int OnDisk = 2;

    // File systems with whole seconds keep every second one at worst.
    private static readonly TimeSpan CoarseGranularity = TimeSpan.FromSeconds(2);

    /// <summary>Computes the key.</summary>
    /// <returns><see langword="null"/> where content can only be known by reading it: from streams, or from files on a system that does not tell when they were changed.</returns>
    internal static async ValueTask<TreeKey?> ComputeAsync(IAsyncEnumerable<TarItem> items, string recipe, PackCacheOptions options, CancellationToken cancellationToken)
    {
        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        FileTime fine = FileTime.From(now - options.ClockGranularity);
        FileTime coarse = FileTime.From(now - (options.ClockGranularity > CoarseGranularity ? options.ClockGranularity : CoarseGranularity));
        bool isSettled = true;
        using KeyWriter key = new();
        key.Add(Version);
        key.Add(recipe);
        await foreach (TarItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Add(key, item.Member);
            switch (item.Content)
            {
                case null:
                    key.Add(NoContent);
                    break;
                case { Bytes: { } bytes }:
                    key.Add(InMemory);
                    key.Add(bytes.Span);
                    break;
                case { FilePath: { } path } content when (content.Status ?? StatusOf(path)) is { Origin: { } origin } status:
                    Add(key, status, origin);
                    isSettled &= origin.Changed.CompareTo(origin.Changed.Nanoseconds == 0 ? coarse : fine) < 0;
                    break;
                default:
                    return null;
            }
        }

        return new(key.ToKey(), isSettled);
    }

    private static FileStatus? StatusOf(string path) => OperatingSystem.IsLinux() ? LinuxFileStatus.ReadFollowed(path) : null;

    private static void Add(KeyWriter key, TarMember member)
    {
        key.Add((int)member.Kind);
        key.Add(member.Path);
        key.Add(member.LinkTarget);
        key.Add(member.Mode);
        key.Add(member.OwnerId);
        key.Add(member.GroupId);
        key.Add(member.ModifiedAt.ToUnixTimeSeconds());
        key.Add(member.LengthBytes);
        key.Add(member.ExtendedAttributes.Count);
        if (member.ExtendedAttributes.IsEmpty)
        {
            return;
        }

        foreach ((string name, ReadOnlyMemory<byte> value) in member.ExtendedAttributes)
        {
            key.Add(name);
            key.Add(value.Span);
        }
    }

    private static void Add(KeyWriter key, in FileStatus status, in FileOrigin origin)
    {
        key.Add(OnDisk);
        key.Add(status.LengthBytes);
        Add(key, status.Modified);
        Add(key, origin.Changed);
        key.Add((long)origin.Inode);
        key.Add(((long)origin.DeviceMajor << 32) | origin.DeviceMinor);
    }

    private static void Add(KeyWriter key, FileTime time)
    {
        key.Add(time.Seconds);
        key.Add(time.Nanoseconds);
    }
}

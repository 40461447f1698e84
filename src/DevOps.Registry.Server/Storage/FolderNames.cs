using System.IO.Enumeration;

namespace DevOps.Registry.Server;

/// <summary>Lists the names in a folder in order. Names are kept for as long as the folder's last write time says that none came or went, whichever process wrote.</summary>
/// <param name="maxKeptBytes">How much memory kept names may take, roughly.</param>
/// <param name="fileClock">The clock by which the file system sets its times: the system's.</param>
internal sealed class FolderNames(long maxKeptBytes, TimeProvider fileClock)
{
    /// <summary>How old a write time must be before names are kept: within it, a change may leave the time as it is, since file systems keep times coarsely.</summary>
    internal static readonly TimeSpan Coarseness = TimeSpan.FromSeconds(3);

    // How many names are found by one walk through a folder whose names are too many to keep.
    private const int WalkLength = 10_000;
    private const int BytesOfAFolder = 400;
    private const int BytesOfAName = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _kept = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _order = [];
    private int _walkCount;

    /// <summary>Gets the memory that kept names take, roughly.</summary>
    internal long KeptBytes { get; private set; }

    /// <summary>Gets how often a folder was walked through.</summary>
    internal int WalkCount => Volatile.Read(ref _walkCount);

    /// <summary>Returns the names of a folder's files or folders that come after one, in ordinal order; those that a filter leaves out are not among them.</summary>
    internal IEnumerable<string> After(string folder, string? last, FolderEntries entries, Func<string, bool> filter)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        string[]? all = Find(folder) ?? Walk(folder, entries, filter);
        if (all is not null)
        {
            int found = last is null ? -1 : Array.BinarySearch(all, last, StringComparer.Ordinal);
            for (int i = found >= 0 ? found + 1 : last is null ? 0 : ~found; i < all.Length; i++)
            {
                yield return all[i];
            }

            yield break;
        }

        for (; ; )
        {
            List<string> next = WalkForNext(folder, last, entries, filter);
            foreach (string name in next)
            {
                yield return name;
            }

            if (next.Count < WalkLength)
            {
                yield break;
            }

            last = next[^1];
        }
    }

    private string[]? Find(string folder)
    {
        DateTime lastWrite = Directory.GetLastWriteTimeUtc(folder);
        lock (_lock)
        {
            if (!_kept.TryGetValue(folder, out LinkedListNode<Kept>? entry))
            {
                return null;
            }

            _order.Remove(entry);
            if (entry.Value.LastWrite == lastWrite)
            {
                _order.AddLast(entry);
                return entry.Value.Names;
            }

            _kept.Remove(folder);
            KeptBytes -= entry.Value.Bytes;
            return null;
        }
    }

    private string[]? Walk(string folder, FolderEntries entries, Func<string, bool> filter)
    {
        // Read before the walk: what changes from now on gets a later time.
        DateTime lastWrite = Directory.GetLastWriteTimeUtc(folder);
        bool isSettled = fileClock.GetUtcNow().UtcDateTime - lastWrite > Coarseness;
        List<string> names = [];
        long bytes = BytesOfAFolder + (2 * folder.Length);
        foreach (string name in Enumerate(folder, entries, filter))
        {
            names.Add(name);
            bytes += BytesOfAName + (2 * name.Length);
            if (bytes > maxKeptBytes)
            {
                return null;
            }
        }

        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        if (isSettled)
        {
            Keep(new(folder, lastWrite, sorted, bytes));
        }

        return sorted;
    }

    // The greatest of those found so far is the first to go.
    private List<string> WalkForNext(string folder, string? last, FolderEntries entries, Func<string, bool> filter)
    {
        PriorityQueue<string, string> smallest = new(Comparer<string>.Create((one, other) => string.CompareOrdinal(other, one)));
        foreach (string name in Enumerate(folder, entries, filter))
        {
            if (last is not null && string.CompareOrdinal(name, last) <= 0)
            {
                continue;
            }

            if (smallest.Count < WalkLength)
            {
                smallest.Enqueue(name, name);
            }
            else
            {
                smallest.EnqueueDequeue(name, name);
            }
        }

        List<string> names = [.. smallest.UnorderedItems.Select(item => item.Element)];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private IEnumerable<string> Enumerate(string folder, FolderEntries entries, Func<string, bool> filter)
    {
        Interlocked.Increment(ref _walkCount);
        return new FileSystemEnumerable<string>(folder, (ref entry) => entry.FileName.ToString())
        {
            ShouldIncludePredicate = (ref entry) => entry.IsDirectory == entries is FolderEntries.Folders,
        }.Where(filter);
    }

    private void Keep(Kept names)
    {
        lock (_lock)
        {
            if (_kept.ContainsKey(names.Folder))
            {
                return;
            }

            _kept[names.Folder] = _order.AddLast(names);
            KeptBytes += names.Bytes;
            while (KeptBytes > maxKeptBytes)
            {
                Kept oldest = _order.First!.Value;
                _order.RemoveFirst();
                _kept.Remove(oldest.Folder);
                KeptBytes -= oldest.Bytes;
            }
        }
    }

    private sealed record Kept(string Folder, DateTime LastWrite, string[] Names, long Bytes);
}

using System.Globalization;
using System.Text;

namespace DevOps.Archives.Caching;

/// <summary>Keeps a cache within its bound. What it holds is known from a file to which every pack adds a line, so that the folder is listed only when it is full.</summary>
internal static class CacheTrim
{
    private const int MaxUsageBytes = 1 << 16;

    /// <summary>Notes that bytes were stored, and makes room where that is too much.</summary>
    internal static void Added(PackCache cache, long bytes)
    {
        RemoveLeftovers(cache);
        string usage = cache.Folder.UsageFile;
        bool isNew = !File.Exists(usage);
        File.AppendAllText(usage, string.Create(CultureInfo.InvariantCulture, $"{bytes}\n"));
        if (isNew || Held(usage) is not { } held || held > cache.Options.MaxBytes)
        {
            Trim(cache);
        }
    }

    /// <summary>Removes what was not used for longest until the rest is nine tenths of the bound, if there is more than the bound.</summary>
    internal static void Trim(PackCache cache)
    {
        List<FileInfo> entries = [.. CacheFolder.Kinds.SelectMany(cache.Folder.Entries)];
        long held = entries.Sum(file => file.Length);
        if (held > cache.Options.MaxBytes)
        {
            long bound = cache.Options.MaxBytes / 10 * 9;
            foreach (FileInfo entry in entries.OrderBy(file => file.LastAccessTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).TakeWhile(_ => held > bound))
            {
                held -= entry.Length;
                CacheSession.Remove(entry.FullName);
            }
        }

        cache.Folder.Write(cache.Folder.UsageFile, partial => File.WriteAllText(partial, string.Create(CultureInfo.InvariantCulture, $"{held}\n")));
    }

    private static void RemoveLeftovers(PackCache cache)
    {
        DirectoryInfo directory = new(cache.Folder.PartialDirectory);
        if (!directory.Exists)
        {
            return;
        }

        DateTime oldest = (cache.Folder.Now - cache.Options.LeftoverAge).UtcDateTime;
        foreach (FileInfo file in directory.EnumerateFiles("*.partial").Where(file => file.LastWriteTimeUtc < oldest))
        {
            CacheSession.Remove(file.FullName);
        }
    }

    private static long? Held(string usage)
    {
        byte[] text = File.ReadAllBytes(usage);
        if (text.Length > MaxUsageBytes)
        {
            return null;
        }

        long held = 0;
        foreach (string line in Encoding.ASCII.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) || bytes > long.MaxValue / MaxUsageBytes)
            {
                return null;
            }

            held += bytes;
        }

        return held;
    }
}

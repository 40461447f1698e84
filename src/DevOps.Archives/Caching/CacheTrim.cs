using System.Globalization;
using System.Text;

namespace DevOps.Archives.Caching;

/// <summary>Keeps a cache within its bound. What it holds is known from a file to which every pack adds a line, so that the folder is listed only when it is full.</summary>
internal static class CacheTrim
{
    private const int MaxUsageBytes = 1 << 16;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = true };

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
        List<FileInfo> entries = [];
        foreach (string kind in CacheFolder.Kinds)
        {
            DirectoryInfo directory = new(cache.Folder.DirectoryOf(kind));
            if (directory.Exists)
            {
                entries.AddRange(directory.EnumerateFiles("*", Everything).Where(file => IsEntry(file) && file.Exists));
            }
        }

        long held = entries.Sum(file => file.Length);
        if (held > cache.Options.MaxBytes)
        {
            long bound = cache.Options.MaxBytes / 10 * 9;
            foreach (FileInfo entry in entries.OrderBy(file => file.LastAccessTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).TakeWhile(_ => held > bound))
            {
                held -= entry.Length;
                Remove(entry.FullName);
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
        foreach (FileInfo file in directory.EnumerateFiles("*.partial", Everything).Where(file => file.LastWriteTimeUtc < oldest))
        {
            Remove(file.FullName);
        }
    }

    // A file of someone else's that got there is neither counted nor removed.
    private static bool IsEntry(FileInfo file) => file.LinkTarget is null && file.Name.Length == 64 && file.Name.All(char.IsAsciiHexDigitLower);

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

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Windows keeps a file that is open; the next time it may go.
        }
    }
}

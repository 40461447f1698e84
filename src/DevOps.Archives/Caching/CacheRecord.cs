using System.Globalization;
using System.Text;
using DevOps.Archives.Compression;

namespace DevOps.Archives.Caching;

/// <summary>Small entries of a cache: a line of words, of which the first is the entry's own key and the last a checksum, so that what is damaged or under another's name is not taken.</summary>
internal static class CacheRecord
{
    private const int MaxBytes = 4096;

    internal static void Write(CacheFolder folder, string kind, string key, IEnumerable<string> words)
    {
        string line = $"{key} {string.Join(' ', words)} ";
        folder.Write(folder.PathOf(kind, key), partial => File.WriteAllText(partial, line + Checksum(line)));
    }

    /// <summary>Reads the words between key and checksum.</summary>
    /// <returns><see langword="null"/> where there is no whole entry.</returns>
    internal static string[]? Read(CacheSession session, string kind, string key) => session.Read(() =>
    {
        string path = session.Folder.PathOf(kind, key);
        FileInfo file = new(path);
        if (!file.Exists)
        {
            return null;
        }

        string line = file.Length <= MaxBytes ? File.ReadAllText(path, Encoding.ASCII) : "";
        int last = line.LastIndexOf(' ') + 1;
        if (last == 0 || line[last..] != Checksum(line[..last]) || !line.StartsWith(key + ' ', StringComparison.Ordinal))
        {
            session.Damaged(path);
            return null;
        }

        session.Folder.Touch(path);
        return line[(key.Length + 1)..(last - 1)].Split(' ');
    });

    private static string Checksum(string line) => Crc32.Append(0, Encoding.ASCII.GetBytes(line)).ToString("x8", CultureInfo.InvariantCulture);
}

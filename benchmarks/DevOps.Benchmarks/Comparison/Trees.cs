using System.Globalization;
using System.Text;

namespace DevOps.Benchmarks.Comparison;

/// <summary>Directory trees to pack.</summary>
internal static class Trees
{
    private static readonly DateTime Time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes a tree whose files look like settings or source: words and numbers that differ from file to file.</summary>
    internal static void Write(string root, int folders, int filesOfFolder, Func<int, int> lengthOf)
    {
        for (int folder = 0; folder < folders; folder++)
        {
            DirectoryInfo directory = Directory.CreateDirectory(Path.Combine(root, $"folder-{folder:D3}"));
            for (int i = 0; i < filesOfFolder; i++)
            {
                int number = (folder * filesOfFolder) + i;
                string path = Path.Combine(directory.FullName, $"file-{i:D4}.json");
                File.WriteAllBytes(path, Content(number, lengthOf(number)));
                File.SetLastWriteTimeUtc(path, Time);
            }
        }
    }

    /// <summary>Copies a tree: its directories and files, with their times.</summary>
    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in new DirectoryInfo(from).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            string path = Path.Combine(to, Path.GetRelativePath(from, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file.CopyTo(path);
            File.SetLastWriteTimeUtc(path, file.LastWriteTimeUtc);
        }
    }

    /// <summary>Asks what is in a tree, and the length and time of each file: the least that anyone has to do to know that nothing changed.</summary>
    internal static (long Files, long LengthBytes, long Ticks) Walk(string root)
    {
        (long Files, long LengthBytes, long Ticks) seen = default;
        foreach (FileInfo file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            seen = (seen.Files + 1, seen.LengthBytes + file.Length, seen.Ticks ^ file.LastWriteTimeUtc.Ticks);
        }

        return seen;
    }

    private static byte[] Content(int number, int length)
    {
        StringBuilder text = new(length + 64);
        for (uint state = (uint)number + 1; text.Length < length;)
        {
            state = (state * 1664525) + 1013904223;
            text.Append(CultureInfo.InvariantCulture, $"  \"setting-{(state >> 8) % 97}\": \"value {state % 100003}\",\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }
}

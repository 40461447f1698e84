using System.Buffers;

namespace DevOps.Archives.Extraction;

/// <summary>The directory that an archive is extracted to. Turns names of entries into paths in it, through real directories only.</summary>
/// <remarks>The path that was checked is the path that is used. Nothing else may write below the directory meanwhile.</remarks>
internal sealed class ExtractionRoot(string path)
{
    private static readonly SearchValues<char> NotOnWindows = SearchValues.Create("\\:<>\"|?*");

    /// <summary>Returns the parts of a name: leading slashes and <c>.</c> mean the root.</summary>
    /// <exception cref="UnsafeEntryException">The name leads out of the root, or cannot be a path here.</exception>
    internal static string[] Parts(string entry, string name)
    {
        string[] parts = [.. name.Split('/').Where(part => part is not ("" or "."))];
        foreach (string part in parts)
        {
            if (part == "..")
            {
                throw new UnsafeEntryException(entry, $"'{name}' leads out of the directory by '..'");
            }

            if (part.Contains('\0', StringComparison.Ordinal) || part.Contains('\uFFFD', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && part.AsSpan().ContainsAny(NotOnWindows)))
            {
                throw new UnsafeEntryException(entry, $"'{name}' is no name that a file can have here");
            }
        }

        return parts;
    }

    internal string PathOf(ReadOnlySpan<string> parts) => Path.Combine([path, .. parts]);

    /// <summary>Makes the directories above an entry.</summary>
    /// <exception cref="UnsafeEntryException">One of them is a link or a file: what is written behind it would be elsewhere.</exception>
    internal void MakeParents(string entry, ReadOnlySpan<string> parts)
    {
        Directory.CreateDirectory(path);
        for (int count = 1; count < parts.Length; count++)
        {
            string parent = PathOf(parts[..count]);
            if (!IsRealDirectory(parent))
            {
                if (Exists(parent))
                {
                    throw new UnsafeEntryException(entry, $"'{string.Join('/', parts[..count]!)}' on its way is a link or a file, not a directory");
                }

                Directory.CreateDirectory(parent);
            }
        }
    }

    /// <summary>Returns whether everything above an entry is a directory and no link.</summary>
    internal bool HasParents(ReadOnlySpan<string> parts)
    {
        for (int count = 1; count < parts.Length; count++)
        {
            if (!IsRealDirectory(PathOf(parts[..count])))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool IsRealDirectory(string path)
    {
        DirectoryInfo info = new(path);
        return info.Exists && info.LinkTarget is null;
    }

    /// <summary>Removes a file or link that has an entry's name, so that nothing is written through it.</summary>
    /// <exception cref="UnsafeEntryException">A directory has the name.</exception>
    internal static void Clear(string entry, string path)
    {
        if (IsRealDirectory(path))
        {
            throw new UnsafeEntryException(entry, "a directory has its name already");
        }

        if (Exists(path))
        {
            File.Delete(path);
        }
    }

    private static bool Exists(string path)
    {
        FileInfo info = new(path);
        return info.Exists || info.LinkTarget is not null || Directory.Exists(path);
    }
}

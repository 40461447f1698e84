namespace DevOps.Registry;

/// <summary>Looks at files of a layout before they are opened. No link below the layout's directory is followed: a layout from elsewhere could name any file of this machine with one.</summary>
/// <remarks>Whoever can write to the directory at the same time is trusted.</remarks>
internal static class LayoutPath
{
    internal const string PartialPattern = ".*.partial";

    /// <summary>Finds a file, or returns <see langword="null"/> if there is none.</summary>
    internal static FileInfo? Find(string path)
    {
        FileInfo file = new(path);
        CheckNoLink(file);
        return Directory.Exists(path)
            ? throw new InvalidContentException($"layout's file '{path}'", "it is a directory", remedy: "Remove it, or name another layout.")
            : file.Exists ? file : null;
    }

    /// <summary>Refuses a directory that is a link.</summary>
    internal static void CheckNoLink(FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null)
        {
            throw new InvalidContentException($"layout's entry '{entry.FullName}'", "it is a link, and none is followed in a layout", remedy: "Put in its place what it leads to, or name another layout.");
        }
    }

    /// <summary>Reads a small file whole.</summary>
    /// <exception cref="InvalidContentException">It has more bytes than allowed, or none.</exception>
    internal static async Task<byte[]> ReadAllBytesAsync(FileInfo file, int maxLengthBytes, CancellationToken cancellationToken)
    {
        // A pipe or a device has no length, and to open one could take for ever.
        CheckLength(file, file.Length, maxLengthBytes);
        FileStream content = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous);
        await using (content.ConfigureAwait(false))
        {
            CheckLength(file, content.Length, maxLengthBytes);
            byte[] bytes = new byte[content.Length];
            int read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return bytes[..read];
        }
    }

    private static void CheckLength(FileInfo file, long lengthBytes, int maxLengthBytes)
    {
        if (lengthBytes is 0 || lengthBytes > maxLengthBytes)
        {
            throw new InvalidContentException(
                $"layout's file '{file.FullName}'", lengthBytes is 0 ? "it is empty, or no regular file" : $"it has {lengthBytes} bytes and {maxLengthBytes} are allowed");
        }
    }
}

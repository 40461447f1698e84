namespace DevOps.Archives.Directories;

/// <summary>Finds symbolic links that lead only to each other.</summary>
internal static class LinkChain
{
    private const int MaxHops = 40;

    /// <summary>Follows a link by its text, absolute targets from the packed root, until something that is no link.</summary>
    internal static void Check(string link, string target, string root)
    {
        string at = link;
        string? next = target;
        for (int hops = 0; next is not null; hops++)
        {
            if (hops == MaxHops)
            {
                throw new DirectoryEntryException(link, $"it is a symbolic link to '{target}' that leads round in a loop", "Remove the loop.");
            }

            at = Path.GetFullPath(next.StartsWith('/') ? root + next : Path.Combine(Path.GetDirectoryName(at)!, next));
            next = new FileInfo(at).LinkTarget;
        }
    }
}

namespace DevOps.Pipelines;

/// <summary>Judges paths and links of a tree by their text: whether they stay in it.</summary>
internal static class SafePath
{
    /// <summary>Returns a relative path, its parts separated by <c>/</c>, if it names something below its root.</summary>
    /// <exception cref="DevOpsException">It does not, or it is git's own.</exception>
    internal static string Check(string path)
    {
        string[] parts = path.Split('/');
        return parts.All(IsName) && !parts.Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase))
            ? path
            : throw new DevOpsException($"The file {CommandText.Of(path, [], [])} cannot be copied: its name leads out of the checkout, or into git's own files, or is not UTF-8. Remove it from the index ('git rm --cached').");
    }

    /// <summary>Returns the target of a link if the link stays in the tree whatever other links of the tree, each judged in this way, lead to.</summary>
    /// <exception cref="DevOpsException">It may not.</exception>
    internal static string CheckLink(string path, string linkTarget)
    {
        // Directories above the link are no links, so that going up is as the text says; after a name, which may be a link, it is not.
        string[] parts = linkTarget.Split('/');
        int up = parts.TakeWhile(part => part is ".." or ".").Count(part => part == "..");
        bool isSafe = linkTarget.Length > 0
            && up <= path.Count(c => c == '/')
            && parts.SkipWhile(part => part is ".." or ".").All(part => part is "." or "" || IsName(part))
            && !linkTarget.StartsWith('/');
        return isSafe
            ? linkTarget
            : throw new DevOpsException($"The link '{path}' cannot be copied: its target '{linkTarget}' may lead out of the copy. Make it a relative path to a file of the checkout, with '..' only at its beginning.");
    }

    // What is no name on Windows may be one elsewhere; a replacement character is there for bytes that are no UTF-8.
    private static bool IsName(string part) =>
        part.Length > 0 && part is not ("." or "..") && !part.Contains('\uFFFD', StringComparison.Ordinal) && !part.Contains('\0', StringComparison.Ordinal)
        && !(OperatingSystem.IsWindows() && part.AsSpan().ContainsAny('\\', ':'));
}

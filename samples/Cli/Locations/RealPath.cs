namespace Cli;

/// <summary>Paths as the kernel goes them, through symbolic links.</summary>
internal static class RealPath
{
    /// <summary>Tells whether a path, which may not exist yet, is a directory or lies in it.</summary>
    internal static bool IsInside(string path, string directory)
    {
        string relative = Path.GetRelativePath(Of(directory), Of(path));
        return !Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar)[0] != "..";
    }

    // From the outside in, and anew behind each link, as its target may lead through others.
    private static string Of(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        string here = Path.Combine(Of(parent), Path.GetFileName(full));
        return new DirectoryInfo(here).LinkTarget is null ? here : new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
    }
}

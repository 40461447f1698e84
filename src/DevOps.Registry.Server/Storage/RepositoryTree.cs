namespace DevOps.Registry.Server;

/// <summary>Lists the repositories of a registry in the order of their names, and looks only where the next ones can be.</summary>
/// <remarks>A repository's folder holds those below it too: <c>team/api</c> is in that of <c>team</c>. Folders of a repository's own begin with an underscore, which no part of a name does.</remarks>
internal sealed class RepositoryTree(string root, FolderNames names)
{
    /// <summary>Returns the names that come after one, in ordinal order.</summary>
    internal IEnumerable<string> After(string? last) => Below("", last ?? "");

    private IEnumerable<string> Below(string prefix, string last)
    {
        // 'a/b' comes after 'a-b', and 'a' before both: what is below a folder waits for its neighbours that begin as it does.
        Stack<string> waiting = [];
        foreach (string? child in names.After(PathOf(prefix), null, FolderEntries.Folders, IsPart).Append<string?>(null))
        {
            while (waiting.Count > 0 && (child is null || string.CompareOrdinal(waiting.Peek(), prefix + child) < 0))
            {
                foreach (string name in Below(waiting.Pop(), last))
                {
                    yield return name;
                }
            }

            if (child is null)
            {
                yield break;
            }

            string path = prefix + child;
            if (string.CompareOrdinal(path, last) > 0 && Directory.Exists(Path.Combine(PathOf(path), RepositoryFolder.ManifestsName)))
            {
                yield return path;
            }

            string below = path + '/';
            if (string.CompareOrdinal(below, last) > 0 || last.StartsWith(below, StringComparison.Ordinal))
            {
                waiting.Push(below);
            }
        }
    }

    private static bool IsPart(string folder) => folder[0] is not ('_' or '.');

    private string PathOf(string name) => Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar));
}

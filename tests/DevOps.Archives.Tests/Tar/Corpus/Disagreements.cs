using System.Text.RegularExpressions;

namespace DevOps.Archives.Tar.Tests;

/// <summary>Who reads which archive otherwise than we do, and says why: the table of docs/tar-reader.md.</summary>
internal static partial class Disagreements
{
    internal const string DotNet = ".NET";

    /// <summary>Gets the names that the table has for peers, by those of their listings.</summary>
    internal static IReadOnlyDictionary<string, string> PeerNames { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["gnu-tar"] = "GNU tar",
        ["libarchive"] = "libarchive",
        ["go"] = "Go",
        ["python"] = "Python",
    };

    /// <summary>Reads the table, as "archive (reader)".</summary>
    internal static IEnumerable<string> Documented() =>
        from line in File.ReadLines(Path.Combine(Root(), "docs", "tar-reader.md"))
        let cells = line.Split(" | ")
        where line.StartsWith('|') && cells.Length == 4
        from Match match in Archive().Matches(cells[1])
        from reader in match.Groups["readers"].Value.Split(", ")
        select Of(match.Groups["name"].Value, reader);

    internal static string Of(string archive, string reader) => $"{archive} ({reader})";

    [GeneratedRegex("`(?<name>[^`]+)` \\((?<readers>[^)]+)\\)")]
    private static partial Regex Archive();

    private static string Root()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DevOps.sln")))
        {
            at = at.Parent ?? throw new InvalidOperationException("The tests run outside a checkout.");
        }

        return at.FullName;
    }
}

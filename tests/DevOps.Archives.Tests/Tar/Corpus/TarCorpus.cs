using System.IO.Compression;

namespace DevOps.Archives.Tar.Tests;

/// <summary>The archives of testdata/tar-corpus, made by many programs and by hand, and what is read in them.</summary>
internal static class TarCorpus
{
    private const string Suffix = ".tar.gz";

    private static readonly Dictionary<string, byte[]> Read = System.IO.Directory.EnumerateFiles(Directory, "*" + Suffix)
        .ToDictionary(path => System.IO.Path.GetFileName(path)[..^Suffix.Length], Decompress, StringComparer.Ordinal);

    internal static string Directory => System.IO.Path.Combine(AppContext.BaseDirectory, "testdata", "tar-corpus");

    internal static IReadOnlyList<string> Names { get; } = [.. Read.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gets how archives are read here; also what most peers read, if there is no disagreement.</summary>
    internal static IReadOnlyDictionary<string, string[]> Expected { get; } = Sections(System.IO.File.ReadLines(PathOf("expected.listing")));

    internal static byte[] Archive(string name) => Read[name];

    internal static string PathOf(string relative) => System.IO.Path.Combine(Directory, relative);

    /// <summary>Returns the version of a peer whose listing is at hand, and what it reads otherwise than expected.</summary>
    internal static (string Version, IReadOnlyDictionary<string, string[]> Otherwise) PeerListing(string peer)
    {
        string[] lines = System.IO.File.ReadAllLines(PathOf($"peers/{peer}.listing"));
        return (lines[0][2..], Sections(lines));
    }

    /// <summary>Splits a listing: "== name" begins an archive, with who agrees behind a colon.</summary>
    internal static Dictionary<string, string[]> Sections(IEnumerable<string> lines)
    {
        Dictionary<string, List<string>> sections = new(StringComparer.Ordinal);
        List<string> section = [];
        foreach (string line in lines)
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                section = sections[line[3..].Split(':')[0]] = [];
            }
            else
            {
                section.Add(line);
            }
        }

        return sections.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    private static byte[] Decompress(string path)
    {
        using GZipStream gzip = new(System.IO.File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream archive = new();
        gzip.CopyTo(archive);
        return archive.ToArray();
    }
}

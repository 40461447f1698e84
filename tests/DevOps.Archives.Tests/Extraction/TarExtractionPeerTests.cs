using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using DevOps.Archives.Tar.Tests;
using DevOps.Testing;

namespace DevOps.Archives.Extraction.Tests;

/// <summary>What GNU tar extracts, we extract: archives of the corpus that hold whole trees.</summary>
public sealed class TarExtractionPeerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Trees => [.. TarCorpus.Names.Where(name =>
        !name.StartsWith("odd-", StringComparison.Ordinal) && (name.EndsWith("-tree", StringComparison.Ordinal) || name.EndsWith("-names", StringComparison.Ordinal)
        || name.Contains("-sparse", StringComparison.Ordinal) || name is "gnu-ustar-prefix" or "git-archive" or "gnu-posix-append" or "gnu-posix-options"))];

    [Theory] // Expected: the tree that GNU tar extracts from the same bytes, without set-user-ID.
    [MemberData(nameof(Trees))]
    public async Task ExtractAsync_TreeOfTheCorpus_IsTheTreeOfGnuTar(string name)
    {
        Assert.SkipUnless(GnuTar.Exists, "GNU tar is not installed");
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string theirs = temporary.MakeDirectory("theirs");
        string archive = temporary.Write("archive.tar", TarCorpus.Archive(name));
        using (Process tar = Process.Start("tar", ["--extract", "--warning=no-timestamp", "--delay-directory-restore", "--preserve-permissions", "--no-same-owner", "--file", archive, "--directory", theirs]))
        {
            await tar.WaitForExitAsync(Cancellation);
            Assert.Equal(0, tar.ExitCode);
        }

        await using FileStream input = File.OpenRead(archive);
        await TarExtraction.ExtractAsync(input, temporary.PathOf("ours"), cancellationToken: Cancellation);

        string[] expected = [.. Tree(theirs)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Tree(temporary.PathOf("ours")));
    }

    private static IEnumerable<string> Tree(string root) => Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(root, path)} {Describe(path)}");

    private static string Describe(string path)
    {
        FileInfo info = new(path);
        if (info.LinkTarget is { } target)
        {
            return $"-> {target}";
        }

        // A directory that is only on the way to others is of now; none that is packed is younger than this.
        string time = !info.Exists && info.LastWriteTimeUtc.Year > 2023 ? "now" : info.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture);
        string content = info.Exists ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "directory";
        return string.Create(CultureInfo.InvariantCulture, $"{(int)info.UnixFileMode & 0x3FF:x3} {time} {content}");
    }
}

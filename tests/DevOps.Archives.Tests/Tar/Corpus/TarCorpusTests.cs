namespace DevOps.Archives.Tar.Tests;

/// <summary>Our reader against those of others, on archives of many programs. docs/tar-reader.md has every disagreement; testdata/tar-corpus/README.md how all was made.</summary>
public sealed class TarCorpusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. TarCorpus.Names];

    [Theory] // Expected: what GNU tar, libarchive, Go and Python read, or what docs/tar-reader.md argues.
    [MemberData(nameof(Names))]
    public async Task ReadNextAsync_ArchiveOfTheCorpus_IsReadAsExpected(string name)
    {
        byte[] archive = TarCorpus.Archive(name);

        Assert.Equal(TarCorpus.Expected[name], await OurReader.ListAsync(new MemoryStream(archive), Cancellation));
    }

    [Fact]
    public async Task Corpus_WhoReadsWhatOtherwise_IsWhatTheDocumentationSays()
    {
        List<string> found = [];
        foreach ((string peer, string name) in Disagreements.PeerNames)
        {
            found.AddRange(TarCorpus.PeerListing(peer).Otherwise.Keys.Select(archive => Disagreements.Of(archive, name)));
        }

        foreach (string archive in TarCorpus.Names)
        {
            List<string> theirs = await DotNetReader.ListAsync(new MemoryStream(TarCorpus.Archive(archive)), Cancellation);
            if (!theirs.SequenceEqual(TarCorpus.Expected[archive]))
            {
                found.Add(Disagreements.Of(archive, Disagreements.DotNet));
            }
        }

        Assert.Equal(found.Order(StringComparer.Ordinal), Disagreements.Documented().Order(StringComparer.Ordinal));
    }

    // A listing that has become different without its version is damage of the corpus, and is seen only here.
    [Theory]
    [InlineData("gnu-tar", "tar", "--version")]
    [InlineData("libarchive", "bsdtar", "--version")]
    [InlineData("python", "python3", "--version")]
    public async Task Corpus_PeerOfThisMachine_ReadsWhatItsListingSays(string peer, params string[] version)
    {
        LivePeer live = LivePeer.Find(version[0]);
        (string listed, IReadOnlyDictionary<string, string[]> otherwise) = TarCorpus.PeerListing(peer);
        string here = await live.RunAsync(version, Cancellation);

        Dictionary<string, string[]> read = TarCorpus.Sections((await live.ListAsync(peer, Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries));

        bool isSameVersion = here.Contains(listed, StringComparison.Ordinal);
        foreach (string archive in TarCorpus.Names)
        {
            // Another version may read what no program writes in another way; what programs write has to stay readable for all.
            if (isSameVersion || (!otherwise.ContainsKey(archive) && !archive.StartsWith("odd-", StringComparison.Ordinal)))
            {
                Assert.True(
                    (otherwise.GetValueOrDefault(archive) ?? TarCorpus.Expected[archive]).SequenceEqual(read[archive]),
                    $"{here.Split('\n')[0]} reads {archive} otherwise than {listed} did:\n{string.Join('\n', read[archive])}");
            }
        }
    }
}

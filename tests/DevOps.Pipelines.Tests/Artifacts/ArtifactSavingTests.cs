using System.Diagnostics;
using DevOps.Archives.Directories;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class ArtifactSavingTests
{
    private readonly MemoryArtifactStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SaveAndRestore_Tree_ComesBackWithModesAndLinks()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        File.SetUnixFileMode(root.Write("out/run", "#!"), (UnixFileMode)0x1E8); // 0750
        File.SetUnixFileMode(root.Write("out/deep/secret", "x"), (UnixFileMode)0x180); // 0600
        root.Write("out/empty.txt");
        root.Link("out/link", "deep/secret");
        root.Link("out/dangling", "not/there");
        root.MakeDirectory("out/nothing");
        root.Write("else");

        Artifact artifact = await _store.SaveAsync("web", root.Path, FilePatterns.Of("out"), cancellationToken: Cancellation);
        await _store.RestoreAsync(artifact, root.PathOf("again"), cancellationToken: Cancellation);

        string again = root.PathOf("again/out");
        Assert.Equal(["dangling", "deep", "deep/secret", "empty.txt", "link", "nothing", "run"], Tree(again));
        Assert.Equal((UnixFileMode)0x1E8, File.GetUnixFileMode(Path.Combine(again, "run")));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(Path.Combine(again, "deep/secret")));
        Assert.Equal("deep/secret", new FileInfo(Path.Combine(again, "link")).LinkTarget);
        Assert.Equal("x", File.ReadAllText(Path.Combine(again, "link")));
        Assert.Equal(5, artifact.FileCount);
        Assert.Equal(["again", "else", "out"], Tree(root.Path).Where(path => !path.Contains('/', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SaveAsync_LinkLeadsBackOutOfWhatIsNotThere_IsRefused()
    {
        // Another artifact may put a link at d/p, and the two together would lead out of the root.
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Link("d/e/L", "../p/../secret");
        FileSelectionException error = await Assert.ThrowsAsync<FileSelectionException>(() => _store.SaveAsync("web", root.Path, FilePatterns.Of("**"), cancellationToken: Cancellation));
        Assert.Contains("which leads back out of 'd/p', which is not there", error.Message, StringComparison.Ordinal);
    }


    [Fact]
    public async Task SaveAsync_SameFilesOfOtherTimesAndOrder_HaveTheSameDigest()
    {
        using TemporaryDirectory first = TemporaryDirectory.Create();
        using TemporaryDirectory second = TemporaryDirectory.Create();
        string[] paths = ["a/1", "a/2", "b", "z/y/x"];
        foreach (string path in paths)
        {
            File.SetLastWriteTimeUtc(first.Write(path, path), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        foreach (string path in paths.Reverse())
        {
            second.Write(path, path);
        }

        Artifact one = await _store.SaveAsync("x", first.Path, FilePatterns.Of("**"), cancellationToken: Cancellation);
        Artifact other = await _store.SaveAsync("y", second.Path, FilePatterns.Of("z", "?", "a/*"), cancellationToken: Cancellation);

        Assert.Equal((one.Digest, one.SizeBytes, one.FileCount), (other.Digest, other.SizeBytes, other.FileCount));
        File.WriteAllText(second.PathOf("b"), "B");
        Assert.NotEqual(one.Digest, (await _store.SaveAsync("x", second.Path, FilePatterns.Of("**"), cancellationToken: Cancellation)).Digest);
    }

    [Fact]
    public async Task SaveAsync_OtherUmask_ChangesTheDigestOnlyWhereModesAreKept()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        string file = root.Write("a");
        File.SetUnixFileMode(file, (UnixFileMode)0x1A4);
        (Artifact kept, Artifact plain) = (await SaveAsync(FileModes.Preserve), await SaveAsync(FileModes.Normalize));
        File.SetUnixFileMode(file, (UnixFileMode)0x1B4);

        Assert.NotEqual(kept.Digest, (await SaveAsync(FileModes.Preserve)).Digest);
        Assert.Equal(plain.Digest, (await SaveAsync(FileModes.Normalize)).Digest);
        File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
        Assert.NotEqual(plain.Digest, (await SaveAsync(FileModes.Normalize)).Digest);

        Task<Artifact> SaveAsync(FileModes modes) => _store.SaveAsync("x", root.Path, FilePatterns.Of("a"), new() { Modes = modes }, Cancellation);
    }

    [Fact]
    public async Task SaveAsync_PatternThatChoosesNothing_FailsAndNamesIt()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("out/a");
        FilePatterns some = FilePatterns.Of("out/*", "*.nupkg");
        FilePatterns none = FilePatterns.Of("*.nupkg", "out/x");

        UnmatchedPatternException error = await Assert.ThrowsAsync<UnmatchedPatternException>(() => _store.SaveAsync("web", root.Path, some, cancellationToken: Cancellation));

        Assert.Equal(["*.nupkg"], error.Patterns);
        Assert.Contains("'web' was not saved", error.Message, StringComparison.Ordinal);
        Assert.Contains("'*.nupkg'", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await _store.SaveAsync("web", root.Path, some, new() { Unmatched = UnmatchedPatterns.FailWhenAll }, Cancellation)).FileCount);
        await Assert.ThrowsAsync<UnmatchedPatternException>(() => _store.SaveAsync("web", root.Path, none, new() { Unmatched = UnmatchedPatterns.FailWhenAll }, Cancellation));
        Artifact empty = await _store.SaveAsync("web", root.Path, none, new() { Unmatched = UnmatchedPatterns.Allow }, Cancellation);
        Assert.Equal(0, empty.FileCount);
        await _store.RestoreAsync(empty, root.PathOf("empty"), cancellationToken: Cancellation);
        Assert.Empty(Tree(root.PathOf("empty")));
    }

    [Fact]
    public async Task SaveAsync_LinkOutOfTheRoot_FailsAndStoresNothing()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("out/a");
        root.Link("out/b", "../../etc");

        FileSelectionException error = await Assert.ThrowsAsync<FileSelectionException>(() => _store.SaveAsync("web", root.Path, FilePatterns.Of("out/**"), cancellationToken: Cancellation));

        Assert.Equal("out/b", error.Path);
    }

    [Fact]
    public async Task SaveAsync_Pipe_IsRefusedAndNotWaitedFor()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        await Process.Start("mkfifo", [root.PathOf("pipe")]).WaitForExitAsync(Cancellation);

        await Assert.ThrowsAsync<FileSelectionException>(() => _store.SaveAsync("web", root.Path, FilePatterns.Of("*"), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task SaveAsync_Limits_AreChecked()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("a", "12345");
        root.Write("b", "12345");

        await Assert.ThrowsAsync<FileLimitException>(() => _store.SaveAsync("x", root.Path, FilePatterns.Of("*"), new() { MaxFiles = 1 }, Cancellation));
        await Assert.ThrowsAsync<FileLimitException>(() => _store.SaveAsync("x", root.Path, FilePatterns.Of("*"), new() { MaxBytes = 9 }, Cancellation));
        Assert.Equal(2, (await _store.SaveAsync("x", root.Path, FilePatterns.Of("*"), new() { MaxFiles = 2, MaxBytes = 10 }, Cancellation)).FileCount);
    }

    [Fact]
    public async Task SaveAsync_StoreThatFails_LeavesNoWorkFile()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("a", "12345");
        string work = root.MakeDirectory("work");
        string file = root.Write("notadirectory");

        await Assert.ThrowsAnyAsync<IOException>(() => new FolderArtifactStore(file).SaveAsync("x", root.Path, FilePatterns.Of("a"), new() { WorkDirectory = work }, Cancellation));

        Assert.Empty(Directory.EnumerateFileSystemEntries(work));
    }

    [Fact]
    public async Task SaveAsync_Times_AreThoseOfTheClock()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("a");
        VirtualTimeProvider clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Artifact artifact = await _store.SaveAsync("x", root.Path, FilePatterns.Of("a"), new() { TimeProvider = clock, ExpireAfter = TimeSpan.FromDays(7) }, Cancellation);

        Assert.Equal((clock.GetUtcNow(), clock.GetUtcNow().AddDays(7)), (artifact.CreatedAt, artifact.ExpiresAt));
        clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromTicks(1));
        await _store.RestoreAsync(artifact, root.PathOf("one"), new() { TimeProvider = clock }, Cancellation);
        clock.Advance(TimeSpan.FromTicks(1));
        ArtifactNotFoundException error = await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.RestoreAsync(artifact, root.PathOf("two"), new() { TimeProvider = clock }, Cancellation));
        Assert.Contains("it was kept until 2026-01-08 00:00Z", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(root.PathOf("two")));
    }

    [Fact]
    public async Task SaveAsync_TwoAtOnceOfTheSame_AreBothFine()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        for (int i = 0; i < 50; i++)
        {
            root.Write($"in/{i}", new string('x', i * 100));
        }

        FolderArtifactStore store = new(root.PathOf("store"));
        Artifact[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.SaveAsync("x", root.Path, FilePatterns.Of("in"), cancellationToken: Cancellation), Cancellation)));

        Assert.Single(saved.Select(artifact => artifact.Digest).Distinct());
        await store.RestoreAsync(saved[0], root.PathOf("again"), cancellationToken: Cancellation);
        Assert.Equal(51, Tree(root.PathOf("again")).Length);
    }

    internal static string[] Tree(string root) =>
    [
        .. new DirectoryInfo(root).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(info => Path.GetRelativePath(root, info.FullName)).Order(StringComparer.Ordinal),
    ];
}

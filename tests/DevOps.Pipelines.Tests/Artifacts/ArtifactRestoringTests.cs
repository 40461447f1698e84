using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using DevOps.Archives.Extraction;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Content;

namespace DevOps.Pipelines.Tests;

public sealed class ArtifactRestoringTests : IDisposable
{
    private readonly MemoryArtifactStore _store = new();
    private readonly TemporaryDirectory _root = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task RestoreAsync_OverFiles_ReplacesThemAndKeepsOthers()
    {
        Artifact artifact = await SaveAsync(("a", "new"), ("d/b", "new"), ("e/f/g", "new"));
        Existing(("a", "old"), ("d/b", "old"), ("d/c", "old"), ("h", "old"));

        await _store.RestoreAsync(artifact, Target, cancellationToken: Cancellation);

        Assert.Equal(["a=new", "d/b=new", "d/c=old", "e/f/g=new", "h=old"], Contents());
    }

    [Fact]
    public async Task RestoreAsync_KeepExisting_AddsOnly()
    {
        Artifact artifact = await SaveAsync(("a", "new"), ("d/b", "new"), ("d/x", "new"));
        Existing(("a", "old"), ("d/b", "old"));

        await _store.RestoreAsync(artifact, Target, new() { Existing = ExistingFiles.Keep }, Cancellation);

        Assert.Equal(["a=old", "d/b=old", "d/x=new"], Contents());
    }

    [Fact]
    public async Task RestoreAsync_RefuseExisting_ChangesNothing()
    {
        Artifact artifact = await SaveAsync(("a", "new"), ("d/b", "new"), ("z", "new"));
        Existing(("d/c", "old"), ("z", "old"));

        ArtifactConflictException error = await Assert.ThrowsAsync<ArtifactConflictException>(() => _store.RestoreAsync(artifact, Target, new() { Existing = ExistingFiles.Refuse }, Cancellation));

        Assert.Equal(Path.Combine(Target, "z"), error.Path);
        Assert.Equal(["d/c=old", "z=old"], Contents());
    }

    [Fact] // The conflict is met last, when other files were replaced already.
    public async Task RestoreAsync_DirectoryWhereAFileGoes_UndoesWhatWasMoved()
    {
        Artifact artifact = await SaveAsync(("a", "new"), ("b/x", "new"), ("c", "new"), ("z", "new"));
        Existing(("a", "old"), ("b/x", "old"), ("z/deep", "old"));
        _root.Link("target/c", "a");

        await Assert.ThrowsAsync<ArtifactConflictException>(() => _store.RestoreAsync(artifact, Target, cancellationToken: Cancellation));

        Assert.Equal(["a=old", "b/x=old", "c=old", "z/deep=old"], Contents());
        Assert.Equal("a", new FileInfo(Path.Combine(Target, "c")).LinkTarget);
    }

    [Fact]
    public async Task RestoreAsync_LinkOnTheWay_IsReplacedAndNotGoneThrough()
    {
        string outside = _root.MakeDirectory("outside");
        _root.Write("outside/b", "old");
        Artifact artifact = await SaveAsync(("d/b", "new"), ("f", "new"));
        Directory.CreateDirectory(Target);
        _root.Link("target/d", outside);
        _root.Link("target/f", Path.Combine(outside, "b"));

        await _store.RestoreAsync(artifact, Target, cancellationToken: Cancellation);

        Assert.Equal("old", System.IO.File.ReadAllText(Path.Combine(outside, "b")));
        Assert.Equal(["d/b=new", "f=new"], Contents());
        Assert.Null(new DirectoryInfo(Path.Combine(Target, "d")).LinkTarget);
    }

    [Fact]
    public async Task RestoreAsync_DirectoryThatIsNotThere_IsMadeAndGoesAwayOnFailure()
    {
        string deep = _root.PathOf("new/deep/target");
        Artifact artifact = await SaveAsync(("a", "new"));

        await Assert.ThrowsAsync<UnsafeEntryException>(() => RestoreAsync(deep, tar => Link(tar, "x", "../out")));
        Assert.False(Directory.Exists(_root.PathOf("new")));

        await _store.RestoreAsync(artifact, deep, cancellationToken: Cancellation);
        Assert.Equal(["a"], ArtifactSavingTests.Tree(deep));
        Assert.Equal(["target"], ArtifactSavingTests.Tree(_root.PathOf("new/deep")).Where(path => !path.Contains('/', StringComparison.Ordinal)));
    }

    public static TheoryData<string, Action<TarWriter>> Harmful => new()
    {
        { "name with ..", tar => File(tar, "../evil") },
        { "absolute link", tar => Link(tar, "x", "/etc") },
        { "link out", tar => Link(tar, "a/b/x", "../../../out") },
        { "link out through a link", tar => { Link(tar, "a/s", ".."); Link(tar, "x", "a/s/../out"); } },
        { "link in a loop", tar => Link(tar, "x", "x") },
        { "file through a link", tar => { Link(tar, "d", "."); File(tar, "d/x"); } },
        { "hard link out", tar => Entry(tar, TarEntryType.HardLink, "x", "../../etc/passwd") },
        { "hard link to a link", tar => { Link(tar, "l", "f"); Entry(tar, TarEntryType.HardLink, "x", "l"); } },
        { "pipe", tar => Entry(tar, TarEntryType.Fifo, "x", null) },
        { "device", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "x") { DeviceMajor = 1, DeviceMinor = 3 }) },
    };

    [Theory]
    [MemberData(nameof(Harmful), DisableDiscoveryEnumeration = true)]
    public async Task RestoreAsync_ArchiveMadeToDoHarm_IsRefusedAndNothingIsLeft(string what, Action<TarWriter> write)
    {
        Assert.NotEmpty(what);
        Existing(("a", "old"));

        await Assert.ThrowsAsync<UnsafeEntryException>(() => RestoreAsync(Target, tar =>
        {
            File(tar, "good");
            write(tar);
        }));

        Assert.Equal(["a=old"], Contents());
        Assert.Equal(["target", "target/a"], ArtifactSavingTests.Tree(_root.Path));
    }

    [Fact]
    public async Task RestoreAsync_SetUserId_IsNotGiven()
    {
        await RestoreAsync(Target, tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "x") { Mode = (UnixFileMode)0xDED, DataStream = new MemoryStream() }));

        Assert.Equal(UnixFileMode.None, System.IO.File.GetUnixFileMode(Path.Combine(Target, "x")) & (UnixFileMode.SetUser | UnixFileMode.SetGroup));
    }

    [Fact]
    public async Task RestoreAsync_MoreThanAllowed_IsRefusedAndNothingIsLeft()
    {
        Artifact artifact = await SaveAsync(("a", new string('x', 10_000)), ("b", "x"), ("c", ""));

        await Assert.ThrowsAsync<InvalidContentException>(() => _store.RestoreAsync(artifact, Target, new() { MaxFiles = 2 }, Cancellation));
        await Assert.ThrowsAsync<InvalidContentException>(() => _store.RestoreAsync(artifact, Target, new() { MaxBytes = 10_000 }, Cancellation));
        Assert.False(Directory.Exists(Target));

        await _store.RestoreAsync(artifact, Target, new() { MaxFiles = 3, MaxBytes = 10_001 }, Cancellation);
    }

    [Fact]
    public async Task RestoreAsync_DamagedBytes_SayThatTheyAreDamaged()
    {
        TestStore content = new();
        ContentArtifactStore store = new(content);
        _root.Write("in/a", new string('x', 5000) + "secret");
        Artifact artifact = await store.SaveAsync("web", _root.PathOf("in"), FilePatterns.Of("**"), cancellationToken: Cancellation);
        Existing(("a", "old"));
        for (int at = 0; at < artifact.SizeBytes; at += 3)
        {
            content.Reader = (_, bytes) =>
            {
                byte[] damaged = [.. bytes];
                damaged[at] ^= 0x10;
                return new MemoryStream(damaged);
            };

            ContentVerificationException error = await Assert.ThrowsAnyAsync<ContentVerificationException>(() => store.RestoreAsync(artifact, Target, cancellationToken: Cancellation));
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }

        content.Reader = (_, bytes) => new MemoryStream(bytes[..^20]);
        await Assert.ThrowsAnyAsync<ContentVerificationException>(() => store.RestoreAsync(artifact, Target, cancellationToken: Cancellation));
        Assert.Equal(["a=old"], Contents());
    }

    [Theory]
    [InlineData(Artifact.TarGzip)]
    [InlineData(MediaTypes.Layer)]
    [InlineData("text/plain")]
    public async Task RestoreAsync_BytesThatAreNoArchive_SaysSo(string mediaType)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(new string('x', 2000));
        Artifact artifact = new("odd", Digest.Compute(bytes), bytes.Length, 1) { MediaType = mediaType };
        await _store.WriteAsync(artifact, new MemoryStream(bytes), Cancellation);

        await Assert.ThrowsAsync<InvalidContentException>(() => _store.RestoreAsync(artifact, Target, cancellationToken: Cancellation));

        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task RestoreAsync_NotThere_SaysWhich()
    {
        Artifact artifact = await SaveAsync(("a", "x"));
        await _store.DeleteAsync(artifact, Cancellation);

        Assert.Same(artifact, (await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.RestoreAsync(artifact, Target, cancellationToken: Cancellation))).Artifact);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task RestoreAsync_FileInPlaceOfTheDirectory_IsRefused() =>
        await Assert.ThrowsAsync<IOException>(async () => await _store.RestoreAsync(await SaveAsync(("a", "x")), _root.Write("file"), cancellationToken: Cancellation));

    [Fact]
    public async Task SaveAsync_WhatAnotherRestoreLeft_IsNobodysFile()
    {
        Existing(("a", "x"), (".devops-restoring-abc/files/b", "x"));

        Assert.Equal(1, (await _store.SaveAsync("x", Target, FilePatterns.Of("**"), cancellationToken: Cancellation)).FileCount);
    }

    private string Target => _root.PathOf("target");

    private async Task<Artifact> SaveAsync(params (string Path, string Content)[] files)
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        foreach ((string path, string content) in files)
        {
            directory.Write(path, content);
        }

        return await _store.SaveAsync("web", directory.Path, FilePatterns.Of("**"), cancellationToken: Cancellation);
    }

    private void Existing(params (string Path, string Content)[] files)
    {
        foreach ((string path, string content) in files)
        {
            _root.Write("target/" + path, content);
        }
    }

    private string[] Contents() =>
    [
        .. Directory.EnumerateFiles(Target, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => $"{Path.GetRelativePath(Target, path)}={System.IO.File.ReadAllText(path)}").Order(StringComparer.Ordinal),
    ];

    private async Task RestoreAsync(string directory, Action<TarWriter> write)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (TarWriter tar = new(gzip))
        {
            write(tar);
        }

        Artifact artifact = new("evil", Digest.Compute(bytes.ToArray()), bytes.Length, 1);
        bytes.Position = 0;
        await _store.WriteAsync(artifact, bytes, Cancellation);
        await _store.RestoreAsync(artifact, directory, cancellationToken: Cancellation);
    }

    private static void File(TarWriter tar, string name) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()) });

    private static void Link(TarWriter tar, string name, string target) => Entry(tar, TarEntryType.SymbolicLink, name, target);

    private static void Entry(TarWriter tar, TarEntryType type, string name, string? target)
    {
        PaxTarEntry entry = new(type, name);
        if (target is not null)
        {
            entry.LinkName = target;
        }

        tar.WriteEntry(entry);
    }
}

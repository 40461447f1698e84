using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using System.Formats.Tar;
using System.IO.Compression;
using DevOps.Archives.Directories;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Docker.Tests;

public sealed class LayerTests : IDisposable
{
    private static readonly Dictionary<string, PackCompression> ByRecipe = new[]
    {
        PackCompression.None, PackCompression.Gzip(), PackCompression.Gzip(DeflateLevel.Fast), PackCompression.Gzip(DeflateLevel.Small), PackCompression.Gzip(DeflateLevel.Store),
    }.ToDictionary(compression => compression.Recipe);

    public static TheoryData<string> Compressions => [.. ByRecipe.Keys];

    private static readonly DirectoryOptions Options = new() { Root = "/app", OwnerId = 1654, GroupId = 1654, ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) };

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    // expected: by python3, whose tarfile writes the same format:
    //   python3 - <<'E'
    //   import tarfile,io,hashlib
    //   b=io.BytesIO(); t=tarfile.open(fileobj=b,mode='w',format=tarfile.USTAR_FORMAT)
    //   def add(name,kind,mode,data=b'',link=''):
    //       i=tarfile.TarInfo(name); i.type=kind; i.mode=mode; i.size=len(data); i.linkname=link; i.mtime=1700000000; i.uid=i.gid=1654
    //       t.addfile(i,io.BytesIO(data))
    //   D,F,S=tarfile.DIRTYPE,tarfile.REGTYPE,tarfile.SYMTYPE
    //   add('app',D,0o755); add('app/a-b',F,0o644,b'1'); add('app/a',D,0o755); add('app/a/b',F,0o644,b'x'*513)
    //   add('app/link',S,0o777,link='run.sh'); add('app/run.sh',F,0o755,b'#!/bin/sh\n')
    //   print(hashlib.sha256(b.getvalue()[:t.offset]+bytes(1024)).hexdigest(), t.offset+1024)
    //   E
    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task BuildAsync_SmallTree_HasTheGoldenDiffId(string recipe)
    {
        MakeTree();
        using MemoryStream blob = new();
        BuiltLayer built = await Layer.FromDirectory(_directory.Path, Options).BuildAsync(blob, new() { Compression = ByRecipe[recipe] }, cancellationToken: Cancellation);

        Assert.Equal("sha256:f28ea44dea7e66aa09dde5b4be79844d7d214b31e9128305f92e566a51dd4421", built.DiffId.ToString());
        Assert.Equal(6144, built.UncompressedSizeBytes);
        Assert.Equal(6, built.MemberCount);
        Assert.Equal("directory at /app", built.Description);
        Assert.True(blob.CanWrite, "The output stays open.");
    }

    [Fact]
    public async Task BuildAsync_None_BlobIsTheTar()
    {
        MakeTree();
        using MemoryStream blob = new();
        BuiltLayer built = await Layer.FromDirectory(_directory.Path, Options).BuildAsync(blob, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);

        Assert.Equal(new Descriptor(MediaTypes.Layer, built.DiffId, built.UncompressedSizeBytes), built.Descriptor);
        Assert.Equal(Digest.Compute(blob.ToArray()), built.Descriptor.Digest);
        blob.Position = 0;
        using TarReader reader = new(blob);
        List<string> names = [];
        while (await reader.GetNextEntryAsync(cancellationToken: Cancellation) is { } entry)
        {
            names.Add(entry.Name);
            Assert.Equal(TarEntryFormat.Ustar, entry.Format);
        }

        Assert.Equal(["app/", "app/a-b", "app/a/", "app/a/b", "app/link", "app/run.sh"], names);
    }

    [Fact]
    public async Task BuildAsync_Gzip_BlobIsTheCompressedTar()
    {
        MakeTree();
        using MemoryStream plain = new();
        using MemoryStream blob = new();
        await Layer.FromDirectory(_directory.Path, Options).BuildAsync(plain, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);
        BuiltLayer built = await Layer.FromDirectory(_directory.Path, Options).BuildAsync(blob, cancellationToken: Cancellation);

        byte[] bytes = blob.ToArray();
        Assert.Equal(Descriptor.ForContent(MediaTypes.LayerGzip, bytes), built.Descriptor);
        Assert.Equal([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], bytes[..8]);
        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream inflated = new();
        await gzip.CopyToAsync(inflated, Cancellation);
        Assert.Equal(plain.ToArray(), inflated.ToArray());
    }

    [Fact]
    public async Task BuildAsync_Twice_GivesTheSameBytes()
    {
        MakeTree();
        Layer layer = Layer.FromDirectory(_directory.Path, Options, "mine");
        using MemoryStream one = new();
        using MemoryStream two = new();
        BuiltLayer first = await layer.BuildAsync(one, cancellationToken: Cancellation);
        File.SetLastWriteTimeUtc(_directory.PathOf("a-b"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        BuiltLayer second = await layer.BuildAsync(two, cancellationToken: Cancellation);

        Assert.Equal(first, second);
        Assert.Equal(one.ToArray(), two.ToArray());
        Assert.Equal("mine", first.Description);
    }

    [Fact]
    public async Task BuildAsync_EmptyDirectory_IsAnEmptyTar()
    {
        using MemoryStream blob = new();
        BuiltLayer built = await Layer.FromDirectory(_directory.Path).BuildAsync(blob, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);

        // expected: head -c 1024 /dev/zero | sha256sum
        Assert.Equal("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef", built.DiffId.ToString());
        Assert.Equal(0, built.MemberCount);
    }

    [Theory]
    [InlineData(".wh.file")]
    [InlineData(".wh.")]
    [InlineData(".wh..wh..opq")]
    [InlineData("sub/.wh.x")]
    [InlineData(".wh.dir/x")]
    public async Task BuildAsync_WhiteoutName_IsRefused(string name)
    {
        _directory.Write(name);
        DirectoryEntryException error = await Assert.ThrowsAsync<DirectoryEntryException>(() =>
            Layer.FromDirectory(_directory.Path).BuildAsync(Stream.Null, cancellationToken: Cancellation));
        Assert.Contains(".wh.", error.Path, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DirectoryEntryException>(() =>
            Layer.FromFiles("x", [new LayerFile(_directory.PathOf(name), "/" + name)]).BuildAsync(Stream.Null, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task BuildAsync_NameWithWhInside_IsNoWhiteout()
    {
        _directory.Write("a.wh.b");
        _directory.Write(".whx");
        Assert.Equal(2, (await Layer.FromDirectory(_directory.Path).BuildAsync(Stream.Null, cancellationToken: Cancellation)).MemberCount);
    }

    [Fact]
    public async Task BuildAsync_MissingDirectory_Throws() =>
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Layer.FromDirectory(_directory.PathOf("no")).BuildAsync(Stream.Null, cancellationToken: Cancellation));

    [Fact]
    public async Task BuildAsync_LargeFile_TellsOfProgressAndTheEnd()
    {
        _directory.Write("a", new byte[3 << 20]);
        _directory.Write("b", new byte[2 << 20]);
        RecordingProgress<LayerProgress> progress = new();
        BuiltLayer built = await Layer.FromDirectory(_directory.Path, null, "big").BuildAsync(Stream.Null, new() { Compression = PackCompression.None }, progress, Cancellation);

        Assert.Equal(built, progress.Reports[^1].Built);
        Assert.All(progress.Reports.SkipLast(1), report => Assert.Null(report.Built));
        Assert.Equal(progress.Reports.Select(report => report.Bytes.TarBytes).Order(), progress.Reports.Select(report => report.Bytes.TarBytes));
        Assert.Equal(built.UncompressedSizeBytes, progress.Reports[^1].Bytes.TarBytes);
        Assert.All(progress.Reports, report => Assert.Equal("big", report.Description));
        Assert.InRange(progress.Reports.Count, 2, 7);
    }

    [Fact]
    public async Task BuildAsync_Cancelled_Stops()
    {
        MakeTree();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Layer.FromDirectory(_directory.Path).BuildAsync(Stream.Null, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task BuildAsync_OutputFails_PassesTheError()
    {
        _directory.Write("a", new byte[100_000]);
        using MemoryStream full = new(new byte[1000]);
        await Assert.ThrowsAsync<NotSupportedException>(() => Layer.FromDirectory(_directory.Path).BuildAsync(full, new() { Compression = PackCompression.None }, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Layer.FromDirectory(_directory.Path).BuildAsync(null!, cancellationToken: Cancellation));
    }

    private void MakeTree()
    {
        _directory.Write("a/b", new string('x', 513));
        _directory.Write("a-b", "1");
        _directory.Link("link", "run.sh");
        string script = _directory.Write("run.sh", "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

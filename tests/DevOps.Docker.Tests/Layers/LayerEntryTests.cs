using DevOps.Archives.Packing;
using System.Text;
using DevOps.Archives.Tar;

namespace DevOps.Docker.Tests;

public sealed class LayerEntryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // expected: by python3, whose tarfile writes the same format:
    //   python3 - <<'E'
    //   import tarfile,io,hashlib
    //   b=io.BytesIO(); t=tarfile.open(fileobj=b,mode='w',format=tarfile.USTAR_FORMAT)
    //   def add(name,kind,mode,data=b'',link=''):
    //       i=tarfile.TarInfo(name); i.type=kind; i.mode=mode; i.size=len(data); i.linkname=link
    //       t.addfile(i,io.BytesIO(data))
    //   D,F,S,L=tarfile.DIRTYPE,tarfile.REGTYPE,tarfile.SYMTYPE,tarfile.LNKTYPE
    //   add('etc',D,0o755); add('etc/.wh.motd',F,0o644); add('etc/app.json',F,0o600,b'{}'); add('etc/same',L,0o644,link='etc/app.json')
    //   add('srv',D,0o700); add('srv/.wh..wh..opq',F,0o644); add('srv/.wh.old',F,0o644); add('srv/!',F,0o644,b'x'); add('srv/www',S,0o777,link='../var/www')
    //   print(hashlib.sha256(b.getvalue()[:t.offset]+bytes(1024)).hexdigest(), t.offset+1024)
    //   E
    [Fact]
    public async Task FromEntries_EveryKind_HasTheGoldenDiffId()
    {
        Layer layer = Layer.FromEntries("all", [
            LayerEntry.SymbolicLink("/srv/www", "../var/www"),
            LayerEntry.File("/srv/!", "x"u8.ToArray()),
            LayerEntry.Whiteout("/srv/old"),
            LayerEntry.HardLink("/etc/same", "/etc/app.json"),
            LayerEntry.OpaqueWhiteout("/srv"),
            LayerEntry.Directory("/srv", 0x1C0),
            LayerEntry.File("/etc/app.json", "{}"u8.ToArray(), 0x180),
            LayerEntry.Whiteout("etc/motd")]);
        BuiltLayer built = await layer.BuildAsync(Stream.Null, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);

        Assert.Equal("sha256:acce4e9951fc3e6ce6dc2709be0b8873537225bd6c121d892a5c4daad28cd2ee", built.DiffId.ToString());
        Assert.Equal((6656, 9), (built.UncompressedSizeBytes, built.MemberCount));
    }

    [Theory] // expected: OCI image-spec 1.1, layer.md, "Whiteouts": the prefix goes to the basename, and the opaque one has a fixed name
    [InlineData("/a", ".wh.a")]
    [InlineData("a/b/c.txt", "a/b/.wh.c.txt")]
    [InlineData("/a/.hidden", "a/.wh..hidden")]
    public void Whiteout_Path_IsAnEmptyFileOfThePrefixedName(string path, string expected)
    {
        TarItem item = LayerEntry.Whiteout(path);
        Assert.Equal((expected, TarMemberKind.File, 0L), (item.Member.Path, item.Member.Kind, item.Member.LengthBytes));
    }

    [Theory]
    [InlineData("/", ".wh..wh..opq")]
    [InlineData("/a", "a/.wh..wh..opq")]
    [InlineData("a/b", "a/b/.wh..wh..opq")]
    public void OpaqueWhiteout_Directory_IsTheFixedNameInIt(string path, string expected) => Assert.Equal(expected, LayerEntry.OpaqueWhiteout(path).Member.Path);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a/")]
    [InlineData("/a/../b")]
    [InlineData("/.wh.a")]
    [InlineData("/a/.wh.")]
    [InlineData("/a/.wh..wh..opq")]
    public void Whiteout_PathThatNothingCanHave_Throws(string path) => Assert.Throws<ArgumentException>(() => LayerEntry.Whiteout(path));

    [Theory]
    [InlineData("")]
    [InlineData("//")]
    [InlineData("/a/")]
    public void OpaqueWhiteout_MalformedPath_Throws(string path) => Assert.Throws<ArgumentException>(() => LayerEntry.OpaqueWhiteout(path));

    [Fact]
    public void SymbolicLink_WithoutTarget_Throws() => Assert.Throws<ArgumentException>(() => LayerEntry.SymbolicLink("/a", ""));

    [Fact]
    public async Task Whiteout_ChangedMember_IsStillADeletion()
    {
        TarItem item = LayerEntry.Whiteout("/a");
        item = item with { Member = item.Member with { ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(5) } };
        using MemoryStream blob = new();
        await Layer.FromEntries("x", [item]).BuildAsync(blob, new() { Compression = PackCompression.None }, cancellationToken: Cancellation);
        Assert.Equal("00000000005\0", Encoding.ASCII.GetString(blob.ToArray(), 136, 12));
    }
}

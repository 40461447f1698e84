using System.Collections.Immutable;
using System.Text;
using DevOps.Archives.Tar;
using DevOps.Archives.Tar.Tests;
using DevOps.Testing;

namespace DevOps.Archives.Directories.Tests;

public sealed class ExtendedAttributesTests : IDisposable
{
    // expected: setcap cap_net_bind_service+ep f && getfattr -e hex -n security.capability f; linux/capability.h, vfs_cap_data, revision 2
    private static readonly byte[] BindLowPorts = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_ByDefault_HasNone()
    {
        FileAttributes.Set(_directory.Write("tree/f"), "user.comment", "hello"u8);
        Assert.Empty(Read(ExtendedAttributes.Ignore)["f"]);
        Assert.Empty(Assert.Single(DirectoryReader.Read(_directory.PathOf("tree"))).Member.ExtendedAttributes);
    }

    [Fact]
    public void Read_Keep_HasRawBytesOfFilesAndDirectories()
    {
        FileAttributes.Set(_directory.Write("tree/d/f"), "user.binary", 0, 0xFF, 0x0A);
        FileAttributes.Set(_directory.PathOf("tree/d/f"), "user.\u00E9", "x"u8);
        FileAttributes.Set(_directory.PathOf("tree/d"), "user.d", "y"u8);
        FileAttributes.Set(_directory.PathOf("tree/d/f"), "user.large", new byte[2000]);
        Dictionary<string, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>> read = Read(ExtendedAttributes.Keep);
        Assert.Equal(["user.binary", "user.large", "user.\u00E9"], read["d/f"].Keys);
        Assert.Equal([0, 0xFF, 0x0A], read["d/f"]["user.binary"].ToArray());
        Assert.Equal(new byte[2000], read["d/f"]["user.large"].ToArray());
        Assert.Equal("user.d", Assert.Single(read["d"]).Key);
        Assert.All(Read(ExtendedAttributes.Capabilities).Values, Assert.Empty);
    }

    [Theory]
    [InlineData(ExtendedAttributes.Capabilities)]
    [InlineData(ExtendedAttributes.Keep)]
    public void Read_Capability_IsThere(ExtendedAttributes wanted)
    {
        FileAttributes.Set(_directory.Write("tree/server"), "security.capability", BindLowPorts);
        _directory.Link("tree/link", "server");
        Dictionary<string, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>> read = Read(wanted);
        Assert.Equal(BindLowPorts, read["server"]["security.capability"].ToArray());
        Assert.Empty(read["link"]);
        Assert.Equal(BindLowPorts, Read(wanted, SymbolicLinks.Follow)["link"]["security.capability"].ToArray());
    }

    [Fact] // in a PAX record, no bytes mean that there is no such attribute
    public void Read_EmptyValue_IsLeftOut()
    {
        FileAttributes.Set(_directory.Write("tree/f"), "user.empty");
        Assert.Empty(Read(ExtendedAttributes.Keep)["f"]);
    }

    [Theory]
    [InlineData("user.a=b")]
    [InlineData("user.=")]
    public void Read_NameWithEquals_IsRefused(string name)
    {
        string file = _directory.Write("tree/f");
        FileAttributes.Set(file, name, 1);
        Assert.Equal(file, Assert.Throws<DirectoryEntryException>(() => Read(ExtendedAttributes.Keep)).Path);
        Assert.Empty(Read(ExtendedAttributes.Capabilities)["f"]);
    }

    [Theory]
    [InlineData("user.comment", true)]
    [InlineData("user.overlayed", true)]
    [InlineData("security.capability", true)]
    [InlineData("security.ima", true)]
    [InlineData("system.posix_acl_access", true)]
    [InlineData("trusted.own", true)]
    [InlineData("security.selinux", false)]
    [InlineData("security.SMACK64EXEC", false)]
    [InlineData("security.evm", false)]
    [InlineData("system.nfs4_acl", false)]
    [InlineData("trusted.overlay.opaque", false)]
    [InlineData("user.overlay.whiteout", false)]
    [InlineData("user.rootlesscontainers", false)]
    [InlineData("btrfs.compression", false)]
    public void Read_Keep_LeavesWhatBelongsToTheMachine(string name, bool expected)
    {
        Assert.Equal(expected, LinuxExtendedAttributes.IsOfTheFile(name));
        if (name.StartsWith("user.", StringComparison.Ordinal))
        {
            FileAttributes.Set(_directory.Write("tree/f"), name, 1);
            Assert.Equal(expected, Read(ExtendedAttributes.Keep)["f"].ContainsKey(name));
        }
    }

    [Fact]
    public async Task Write_Attributes_AreRestoredByGnuTar()
    {
        FileAttributes.Set(_directory.Write("tree/f", "content"), "user.binary", 0, 0xFF, 0x0A);
        FileAttributes.Set(_directory.PathOf("tree/f"), "security.capability", BindLowPorts);
        await GnuTar.ExtractAsync(await PackAsync(), _directory.MakeDirectory("out"), "--xattrs", "--xattrs-include=*");
        Assert.Equal([0, 0xFF, 0x0A], FileAttributes.Get(_directory.PathOf("out/f"), "user.binary"));
        Assert.Equal(BindLowPorts, FileAttributes.Get(_directory.PathOf("out/f"), "security.capability"));
        Assert.Equal("content", await File.ReadAllTextAsync(_directory.PathOf("out/f"), Cancellation));
    }

    [Fact]
    public async Task ReadNextAsync_ArchiveOfGnuTar_HasTheAttributes()
    {
        FileAttributes.Set(_directory.Write("tree/f"), "user.binary", 0, 0xFF, 0x0A);
        byte[] archive = await GnuTar.CreateAsync(_directory.PathOf("tree"), "--format=pax", "--xattrs");
        Assert.Equal([0, 0xFF, 0x0A], (await EntriesAsync(archive))["./f"].ExtendedAttributes["user.binary"].ToArray());
    }

    [Fact]
    public async Task ReadNextAsync_OwnArchive_HasWhatWasWritten()
    {
        FileAttributes.Set(_directory.Write("tree/f", "content"), "user.binary", 0, 0xFF, 0x0A);
        FileAttributes.Set(_directory.PathOf("tree/f"), "user.B", 1);
        _directory.Write("tree/g");
        byte[] archive = await PackAsync();
        Assert.Equal("25 SCHILY.xattr.user.B=\u0001\n", Encoding.ASCII.GetString(archive, 512, 25));
        Dictionary<string, TarArchiveEntry> entries = await EntriesAsync(archive);
        Assert.Equal(["user.B", "user.binary"], entries["f"].ExtendedAttributes.Keys);
        Assert.Equal([0, 0xFF, 0x0A], entries["f"].ExtendedAttributes["user.binary"].ToArray());
        Assert.Empty(entries["g"].ExtendedAttributes);
    }

    [Fact] // POSIX.1-2017, pax: a value of no bytes takes away what a global record said
    public async Task ReadNextAsync_GlobalAndEmptyRecords_AreMerged()
    {
        byte[] archive = RawTar.Archive(
            RawTar.Header("g", 'g', 48), RawTar.Padded("24 SCHILY.xattr.user.a=1\n24 SCHILY.xattr.user.b=2\n"[..48]),
            RawTar.Header("x", 'x', 24), RawTar.Padded("23 SCHILY.xattr.user.a=\n"[..24]));
        await Assert.ThrowsAsync<InvalidContentException>(() => EntriesAsync(archive));

        string global = "25 SCHILY.xattr.user.a=1\n25 SCHILY.xattr.user.b=2\n";
        string local = "24 SCHILY.xattr.user.a=\n";
        archive = RawTar.Archive(
            RawTar.Header("g", 'g', global.Length), RawTar.Padded(global), RawTar.Header("x", 'x', local.Length), RawTar.Padded(local), RawTar.Header("f", '0', 0), RawTar.Header("h", '0', 0));
        Dictionary<string, TarArchiveEntry> entries = await EntriesAsync(archive);
        Assert.Equal(["user.b"], entries["f"].ExtendedAttributes.Keys);
        Assert.Equal(["user.a", "user.b"], entries["h"].ExtendedAttributes.Keys);
    }

    private static async Task<Dictionary<string, TarArchiveEntry>> EntriesAsync(byte[] archive)
    {
        TarArchiveReader reader = new(new MemoryStream(archive));
        Dictionary<string, TarArchiveEntry> entries = [];
        while (await reader.ReadNextAsync(Cancellation) is { } entry)
        {
            entries.Add(entry.Name, entry);
        }

        return entries;
    }

    private async Task<byte[]> PackAsync()
    {
        using MemoryStream archive = new();
        TarArchiveWriter writer = new(archive);
        foreach (TarItem item in DirectoryReader.Read(_directory.PathOf("tree"), new() { ExtendedAttributes = ExtendedAttributes.Keep }))
        {
            await writer.WriteAsync(item, Cancellation);
        }

        await writer.CompleteAsync(Cancellation);
        return archive.ToArray();
    }

    private Dictionary<string, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>> Read(ExtendedAttributes wanted, SymbolicLinks links = SymbolicLinks.Keep) =>
        DirectoryReader.Read(_directory.PathOf("tree"), new() { ExtendedAttributes = wanted, SymbolicLinks = links }).ToDictionary(item => item.Member.Path, item => item.Member.ExtendedAttributes);
}

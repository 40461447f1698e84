using System.Diagnostics;
using DevOps.Archives.Tar;
using DevOps.Testing;

namespace DevOps.Archives.Directories.Tests;

public sealed class DirectoryWalkTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("f")]
    [InlineData("d")]
    [InlineData("./d/../f")]
    [InlineData("missing")]
    [InlineData("/etc/passwd")]
    [InlineData("../../outside")]
    [InlineData(".")]
    [InlineData("..")]
    public void Enumerate_KeptLink_IsALinkWithItsTarget(string target)
    {
        _directory.Write("root/f");
        _directory.MakeDirectory("root/d");
        _directory.Link("root/link", target);
        TarItem link = Assert.Single(Read(SymbolicLinks.Keep), member => member.Member.Path == "link");

        Assert.Equal(TarMemberKind.SymbolicLink, link.Member.Kind);
        Assert.Equal(target, link.Member.LinkTarget);
        Assert.Equal((0x1FF, 0L), (link.Member.Mode, link.Member.LengthBytes));
        Assert.Null(link.Content);
        Assert.Equal(3, Read(SymbolicLinks.Keep).Count);
    }

    [Fact]
    public void Enumerate_KeptLinkToADirectory_IsOrderedAsAFile()
    {
        _directory.MakeDirectory("root/target");
        _directory.Link("root/a", "target");
        _directory.Write("root/a-b");
        Assert.Equal(["a", "a-b", "target"], Read(SymbolicLinks.Keep).Select(member => member.Member.Path));
    }

    [Fact]
    public void Enumerate_FollowedLinks_GiveWhatTheyLeadTo()
    {
        _directory.Write("root/real/file", "content");
        _directory.Link("root/copy", "real/file");
        _directory.Link("root/dir", "real");
        _directory.Link("root/chain", "copy");
        _directory.Link("root/real/up", "../other");
        _directory.Write("root/other", "12");
        List<TarItem> members = Read(SymbolicLinks.Follow);

        Assert.Equal(["chain", "copy", "dir", "dir/file", "dir/up", "other", "real", "real/file", "real/up"], members.Select(member => member.Member.Path));
        Assert.All(members, member => Assert.Null(member.Member.LinkTarget));
        Assert.Equal(7, members[0].Member.LengthBytes);
        Assert.Equal(TarMemberKind.Directory, members[2].Member.Kind);
        Assert.Equal(2, members[4].Member.LengthBytes);
    }

    [Fact]
    public void Enumerate_RefusedLink_ThrowsWithItsPath()
    {
        _directory.Write("root/f");
        string link = _directory.Link("root/link", "f");
        DirectoryEntryException error = Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Refuse));
        Assert.Equal(link, error.Path);
        Assert.Contains("'f'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SymbolicLinks.Keep)]
    [InlineData(SymbolicLinks.Follow)]
    public void Enumerate_LinksThatLeadToEachOther_AreRefused(SymbolicLinks links)
    {
        _directory.Link("root/a", "b");
        _directory.Link("root/b", "c");
        _directory.Link("root/c", "a");
        Assert.Contains("loop", Assert.Throws<DirectoryEntryException>(() => Read(links)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SymbolicLinks.Keep)]
    [InlineData(SymbolicLinks.Follow)]
    public void Enumerate_LinkToItself_IsRefused(SymbolicLinks links)
    {
        string link = _directory.Link("root/self", "self");
        Assert.Equal(link, Assert.Throws<DirectoryEntryException>(() => Read(links)).Path);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../d")]
    [InlineData("../../root")]
    public void Enumerate_FollowedLinkToAParent_IsRefused(string target)
    {
        _directory.Write("root/d/f");
        _directory.Link("root/d/link", target);
        Assert.Contains("never end", Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Follow)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerate_FollowedLinksIntoEachOther_AreRefused()
    {
        _directory.Link("root/a/to-b", "../b");
        _directory.Link("root/b/to-a", "../a");
        Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Follow));
    }

    [Fact]
    public void Enumerate_FollowedLinkOutOfTheRoot_IsRefused()
    {
        _directory.Write("secret", "s");
        _directory.Write("root-2/secret", "s");
        foreach (string target in (string[])["../secret", _directory.PathOf("secret"), "..", "../root-2/secret", "../root-2"])
        {
            string link = _directory.Link("root/link", target);
            Assert.Equal(link, Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Follow)).Path);
            File.Delete(link);
        }
    }

    [Fact]
    public void Enumerate_FollowedLinkThroughALinkOutOfTheRoot_IsRefused()
    {
        _directory.Write("outside/secret", "s");
        _directory.Link("root/a/link", "../z/out/secret");
        _directory.Link("root/z/out", _directory.PathOf("outside"));
        Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Follow));
    }

    [Fact]
    public void Enumerate_FollowedDanglingLink_IsRefused()
    {
        _directory.Link("root/link", "missing");
        Assert.Contains("not there", Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Follow)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerate_Pipe_IsRefusedWithoutOpeningIt()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _directory.MakeDirectory("root");
        string pipe = _directory.PathOf("root/pipe");
        using (Process process = Process.Start("mkfifo", [pipe]))
        {
            process.WaitForExit();
        }

        Assert.Equal(pipe, Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Keep)).Path);
        _directory.Link("root/a-link", "pipe");
        Assert.Throws<DirectoryEntryException>(() => Read(SymbolicLinks.Follow));
    }

    [Fact]
    public void Enumerate_HiddenFiles_AreMembersLikeOthers()
    {
        _directory.Write("root/.hidden/.x");
        Assert.Equal([".hidden", ".hidden/.x"], Read(SymbolicLinks.Keep).Select(member => member.Member.Path));
    }

    [Fact]
    public void Enumerate_NameWithStrangeCharacters_IsKept()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string name in (string[])[" ", "a\\b", "a:b", "new\nline", "..."])
        {
            _directory.Write("root/" + name);
        }

        Assert.Equal([" ", "...", "a:b", "a\\b", "new\nline"], Read(SymbolicLinks.Keep).Select(member => member.Member.Path));
    }

    [Theory] // expected: Linux takes any bytes as a name, and an archive of ours only UTF-8
    [InlineData("touch \"$(printf 'root/a\\377')\"", "name")]
    [InlineData("mkdir \"$(printf 'root/a\\300\\200')\"", "name")]
    [InlineData("ln -s \"$(printf 'a\\377')\" root/link", "target")]
    public void Enumerate_BytesThatAreNotUtf8_AreRefused(string command, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems take no such names.");
        _directory.MakeDirectory("root");
        Shell(command);
        Exception? error = Record.Exception(() => Read(SymbolicLinks.Keep));

        // .NET cannot delete what it cannot name.
        Shell("rm -r root");
        Assert.Contains($"{expected} is not valid UTF-8", Assert.IsType<DirectoryEntryException>(error).Message, StringComparison.Ordinal);
    }

    private void Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _directory.Path })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private List<TarItem> Read(SymbolicLinks links) => [.. DirectoryReader.Read(_directory.PathOf("root"), new() { SymbolicLinks = links })];
}

using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>What goes wrong is said: the thing, the remedy, the exit code; and nothing half-written stays.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData(2, "is not a command", "frobnicate")]
    [InlineData(2, "DIR is missing", "pack", "-o", "x")]
    [InlineData(2, "'-o' is missing", "pack", ".")]
    [InlineData(2, "'--frob' is not an option", "pack", ".", "-o", "../x", "--frob")]
    [InlineData(2, "would be packed into itself", "pack", ".", "-o", "x")]
    [InlineData(2, "DIR is empty", "pack", "", "-o", "x")]
    [InlineData(2, "'-o' is empty", "pack", "..", "-o", "")]
    [InlineData(1, "is a device", "pack", "/proc/self/task", "-o", "/dev/null")]
    [InlineData(1, "cannot listen on 1.2.3.4:5000", "serve", "--listen", "1.2.3.4:5000", "--data", "/dev/shm")]
    [InlineData(2, "is not a root", "pack", ".", "-o", "../x", "--root", "app")]
    [InlineData(2, "one word too many", "copy", "oci:a", "oci:b", "oci:c")]
    [InlineData(2, "upper-case", "copy", "oci:a", "example.com/UPPER")]
    [InlineData(2, "names no directory", "copy", "oci:", "oci:b")]
    [InlineData(2, "not a registry", "copy", "oci:a", "oci:b", "--insecure", "http://x")]
    [InlineData(2, "nowhere to listen", "serve", "--listen", "5000", "--data", "x")]
    [InlineData(1, "does not exist", "pack", "no-such-directory", "-o", "x")]
    [InlineData(1, "does not exist", "image", "build", "no-such-directory", "--base", "scratch", "--target", "oci:x")]
    [InlineData(1, "does not exist", "copy", "oci:no-such-layout", "oci:x")]
    [InlineData(1, "does not exist", "copy", "docker-archive:no-such-file", "oci:x")]
    [InlineData(1, "Check the registry's name and port", "copy", "127.0.0.1:1/team/api:1", "oci:x")]
    [InlineData(1, "the host name is not known", "copy", "no-such-host.invalid/team/api:1", "oci:x")]
    public async Task Cli_BadInput_SaysWhatAndEndsWithItsCode(int exitCode, string message, params string[] arguments)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();

        Finished run = await Run.InAsync(temporary.Path, Repository.Cli, arguments);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
    }

    [Fact]
    public async Task Pack_SymbolicLinkLoop_NamesTheLink()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Directory.CreateDirectory(Path.Combine(temporary.Path, "tree")).FullName;
        File.CreateSymbolicLink(Path.Combine(tree, "one"), "two");
        File.CreateSymbolicLink(Path.Combine(tree, "two"), "one");

        await FailsAsync(temporary, tree, Path.Combine(tree, "one"), "loop");
    }

    [Fact]
    public async Task Pack_DirectoryIsALinkToItself_NamesTheLink()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Path.Combine(temporary.Path, "tree");
        File.CreateSymbolicLink(tree, "tree");

        await FailsAsync(temporary, tree, tree, "symbolic link");
    }

    [Fact]
    public async Task Pack_Pipe_NamesIt()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Directory.CreateDirectory(Path.Combine(temporary.Path, "tree")).FullName;
        (await Run.ProgramAsync("mkfifo", Path.Combine(tree, "pipe"))).Succeeded();

        await FailsAsync(temporary, tree, Path.Combine(tree, "pipe"), "a pipe, a socket or a device");
    }

    [Fact]
    public async Task Pack_UnreadableFile_NamesItAndLeavesNothing()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Directory.CreateDirectory(Path.Combine(temporary.Path, "tree")).FullName;
        string secret = Path.Combine(tree, "secret");
        await File.WriteAllTextAsync(secret, "x", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(secret, UnixFileMode.None);
        string[] command = [Repository.Cli, "pack", tree, "-o", Path.Combine(temporary.Path, "out.tar.gz")];

        // Root may read everything, so the test gives that right up.
        Finished run = IsRoot
            ? await Run.InAsync(temporary.Path, "setpriv", ["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search", .. command])
            : await Run.InAsync(temporary.Path, command[0], command[1..]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(secret, run.Error, StringComparison.Ordinal);
        Assert.Contains("Check its permissions", run.Error, StringComparison.Ordinal);
        Assert.Equal([tree], Directory.EnumerateFileSystemEntries(temporary.Path));
    }

    [Theory]
    [InlineData("pack", "{tree}", "-o", "{disk}/out.tar.gz")]
    [InlineData("image", "build", "{tree}", "--base", "scratch", "--target", "oci:{disk}/layout:x")]
    [InlineData("image", "build", "{tree}", "--base", "scratch", "--target", "docker-archive:{disk}/image.tar")]
    public async Task Cli_FullDisk_SaysSoAndLeavesNothingWhole(params string[] arguments)
    {
        Assert.SkipUnless(IsRoot, "only root can mount a small disk");
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string disk = Directory.CreateDirectory(Path.Combine(temporary.Path, "disk")).FullName;
        string tree = Directory.CreateDirectory(Path.Combine(temporary.Path, "tree")).FullName;
        byte[] noise = new byte[4 << 20];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(tree, "noise"), noise, TestContext.Current.CancellationToken);
        (await Run.ProgramAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk)).Succeeded();
        try
        {
            Finished run = await Run.CliAsync([.. arguments.Select(word => word.Replace("{tree}", tree, StringComparison.Ordinal).Replace("{disk}", disk, StringComparison.Ordinal))]);

            Assert.Equal(1, run.ExitCode);
            Assert.Contains(disk, run.Error, StringComparison.Ordinal);
            Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
            Assert.Contains("Make room there", run.Error, StringComparison.Ordinal);
            string[] left = [.. Directory.EnumerateFiles(disk, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))];
            Assert.DoesNotContain(left, name => name is not ("oci-layout" or "index.json" or ".lock") && !IsSmallBlob(disk, name));
            Assert.DoesNotContain("sha256:", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            (await Run.ProgramAsync("umount", disk)).Succeeded();
        }
    }

    // The configuration is a blob of its own and may have fitted; the layer cannot.
    private static bool IsSmallBlob(string disk, string name) =>
        name.Length == 64 && new FileInfo(Directory.EnumerateFiles(disk, name, SearchOption.AllDirectories).Single()).Length < 4096;

    private static async Task FailsAsync(TemporaryDirectory temporary, string tree, string thing, string reason)
    {
        string target = Path.Combine(temporary.Path, "out.tar.gz");

        Finished run = await Run.CliAsync("pack", tree, "-o", target);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(thing, run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
        Assert.DoesNotContain(Directory.EnumerateFiles(temporary.Path), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;
}

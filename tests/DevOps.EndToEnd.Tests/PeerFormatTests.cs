using System.Text.Json;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>What we write, other tools read; what they write, we read.</summary>
public sealed class PeerFormatTests
{
    [Fact]
    public async Task ImageBuild_Layout_SkopeoCopiesAndUmociUnpacks()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string tree = Tree(temporary);
        string layout = Path.Combine(temporary.Path, "layout");
        Finished built = (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--root", "/srv/data", "--target", $"oci:{layout}:one")).Succeeded();

        string copy = Path.Combine(temporary.Path, "copy");
        (await Run.ProgramAsync(Peer.Skopeo, "copy", $"oci:{layout}:one", $"oci:{copy}:two")).Succeeded();
        string bundle = Path.Combine(temporary.Path, "bundle");
        (await Run.ProgramAsync(Peer.Umoci, "unpack", "--rootless", "--image", $"{layout}:one", bundle)).Succeeded();

        Finished checkedCopy = (await Run.CliAsync("copy", $"oci:{copy}:two", $"oci:{Path.Combine(temporary.Path, "back")}")).Succeeded();
        Assert.Equal(built.Last, checkedCopy.Last);
        string root = Path.Combine(bundle, "rootfs", "srv", "data");
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(root, "plain.txt"), TestContext.Current.CancellationToken));
        Assert.Equal("plain.txt", new FileInfo(Path.Combine(root, "link")).LinkTarget);
        Assert.Equal("deep", await File.ReadAllTextAsync(Path.Combine(root, "sub", LongName, "ä-ß-漢.txt"), TestContext.Current.CancellationToken));
        Assert.True(File.GetUnixFileMode(Path.Combine(root, "run.sh")).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task Copy_RealRegistry_BothWaysWithSkopeo()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string layout = Path.Combine(temporary.Path, "layout");
        string ours = $"{Peer.Registry}/e2e/ours-{Guid.NewGuid():N}";
        string theirs = $"{Peer.Registry}/e2e/theirs-{Guid.NewGuid():N}";
        Finished built = (await Run.CliAsync("image", "build", Tree(temporary), "--base", "scratch", "--target", $"oci:{layout}:v1")).Succeeded();

        (await Run.CliAsync("copy", $"oci:{layout}:v1", $"{ours}:v1")).Succeeded();
        Finished inspected = (await Run.ProgramAsync(Peer.Skopeo, "inspect", "--tls-verify=false", $"docker://{ours}:v1")).Succeeded();
        (await Run.ProgramAsync(Peer.Skopeo, "copy", "--dest-tls-verify=false", $"oci:{layout}:v1", $"docker://{theirs}:v2")).Succeeded();
        Finished pulled = (await Run.CliAsync("copy", $"{theirs}:v2", $"oci:{Path.Combine(temporary.Path, "pulled")}:v2", "--json")).Succeeded();
        Finished again = (await Run.CliAsync("copy", $"oci:{layout}:v1", $"{ours}:v1", "--json")).Succeeded();

        Assert.Contains(built.Last, inspected.Output, StringComparison.Ordinal);
        using JsonDocument result = JsonDocument.Parse(pulled.Output);
        Assert.Equal(built.Last, result.RootElement.GetProperty("digest").GetString());
        Assert.Equal(3, result.RootElement.GetProperty("copied").GetInt32());
        using JsonDocument nothing = JsonDocument.Parse(again.Output);
        Assert.Equal(0, nothing.RootElement.GetProperty("copied").GetInt32());
    }

    [Fact]
    public async Task ImageBuild_RegistryBaseInSameRegistry_MountsItsLayers()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string @base = $"{Peer.Registry}/e2e/base-{Guid.NewGuid():N}:1";
        string target = $"{Peer.Registry}/e2e/app-{Guid.NewGuid():N}:1";
        (await Run.CliAsync("image", "build", Tree(temporary), "--base", "scratch", "--target", @base)).Succeeded();
        string top = Directory.CreateDirectory(Path.Combine(temporary.Path, "top")).FullName;
        await File.WriteAllTextAsync(Path.Combine(top, "top.txt"), "top", TestContext.Current.CancellationToken);

        Finished built = (await Run.CliAsync("image", "build", top, "--base", @base, "--target", target)).Succeeded();

        Assert.Contains("mounted ", built.Error, StringComparison.Ordinal);
        Finished inspected = (await Run.ProgramAsync(Peer.Skopeo, "inspect", "--tls-verify=false", $"docker://{target}")).Succeeded();
        using JsonDocument image = JsonDocument.Parse(inspected.Output);
        Assert.Equal(2, image.RootElement.GetProperty("Layers").GetArrayLength());
    }

    [Fact]
    public async Task ImageBuild_DeletionsAndModes_AreAppliedByUmoci()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string umoci = Peer.Umoci;
        string layout = temporary.PathOf("layout");
        foreach (string file in (string[])["base/etc/motd", "base/etc/keep", "base/old/a/b", "base/usr/lib/libc.so"])
        {
            temporary.Write(file, file);
        }

        temporary.Link("base/lib", "usr/lib");
        Directory.CreateDirectory(temporary.PathOf("base/tmp"));
        temporary.Write("top/app/run", "run");
        temporary.Write("top/tmp/f", "f");
        (await Run.CliAsync("image", "build", temporary.PathOf("base"), "--base", "scratch", "--mode", "tmp/=1777", "--target", $"oci:{layout}:base")).Succeeded();
        (await Run.CliAsync(
            "image", "build", temporary.PathOf("top"), "--base", $"oci:{layout}:base", "--delete", "/etc/motd", "--delete", "/old", "--mode", "app/*=750", "--mode", "tmp/=1777", "--target", $"oci:{layout}:top")).Succeeded();
        Directory.CreateDirectory(temporary.PathOf("clash/lib"));
        Finished refused = await Run.CliAsync("image", "build", temporary.PathOf("clash"), "--base", $"oci:{layout}:top", "--target", $"oci:{layout}:clash");
        string bundle = temporary.PathOf("bundle");
        (await Run.ProgramAsync(umoci, "unpack", "--rootless", "--image", $"{layout}:top", bundle)).Succeeded();

        string root = Path.Combine(bundle, "rootfs");
        Assert.Equal(["app", "etc", "lib", "tmp", "usr"], Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["keep"], Directory.EnumerateFileSystemEntries(Path.Combine(root, "etc")).Select(Path.GetFileName));
        Assert.Equal("usr/lib", new FileInfo(Path.Combine(root, "lib")).LinkTarget);
        Assert.Equal("750", Convert.ToString((int)File.GetUnixFileMode(Path.Combine(root, "app/run")), 8));
        Assert.Equal("1777", Convert.ToString((int)File.GetUnixFileMode(Path.Combine(root, "tmp")), 8));
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("'/usr/lib'", refused.Error, StringComparison.Ordinal);
    }

    private const string LongName = "a-directory-name-that-is-long-enough-to-need-more-than-the-hundred-bytes-which-the-old-header-has-for-names";

    private static string Tree(TemporaryDirectory temporary)
    {
        string tree = Path.Combine(temporary.Path, "tree");
        Directory.CreateDirectory(Path.Combine(tree, "sub", LongName));
        Directory.CreateDirectory(Path.Combine(tree, "empty"));
        File.WriteAllText(Path.Combine(tree, "plain.txt"), "hello\n");
        File.WriteAllText(Path.Combine(tree, "sub", LongName, "ä-ß-漢.txt"), "deep");
        File.WriteAllText(Path.Combine(tree, "run.sh"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(tree, "run.sh"), (UnixFileMode)0x1ED);
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "plain.txt");
        return tree;
    }
}

using System.Text.Json;
using DevOps.Testing;
using DevOps.Testing.Streams;

namespace DevOps.EndToEnd.Tests;

/// <summary>The same tree gives the same bytes whatever the machine, and other programs open them.</summary>
public sealed class PackTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = TemporaryDirectory.Create();

    public static TheoryData<string, string> Golden => new()
    {
        { "fast", "sha256:26209d1a9509998d3e1b2eee1910dba6e65eec0f6f85c2d43bb059669ed3ddd7" },
        { "default", "sha256:43f761975956a713fa5bba0889c17f9e8870add10496cc566ba5f145380ed13d" },
        { "small", "sha256:84ada7f94d18146684c7450e97ccf411a3a5b4ce994c2c3a38841ee20714b89e" },
        { "store", "sha256:7c1c95d9bcc3698cf2f847d01eff1bd8c6d53bce7ad84e8453ec95588964d527" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task Pack_AnyMachine_HasTheGoldenDigest(string level, string expected)
    {
        string tree = await TreeAsync("tree", umask: "022");
        string moved = await TreeAsync("elsewhere/deep/tree", umask: "077");
        string[] variables = ["TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8", "LANG=ar_SA.UTF-8", "DOTNET_EnableHWIntrinsic=0", "DOTNET_TieredCompilation=0", "DOTNET_gcServer=1", "SOURCE_DATE_EPOCH=86400"];
        List<string> digests = [];
        foreach (string threads in (string[])["1", "2", "3", "8"])
        {
            digests.Add(await DigestAsync(["env"], tree, level, threads));
        }

        digests.Add(await DigestAsync(["env", "umask=1"], moved, level, "2"));
        foreach (string variable in variables)
        {
            digests.Add(await DigestAsync(["env", variable], tree, level, "2"));
        }

        Assert.True(digests.TrueForAll(digest => digest == expected), $"{expected} became {string.Join(", ", digests)}");
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("default")]
    [InlineData("small")]
    [InlineData("store")]
    public async Task Pack_EveryLevel_OpensWithOtherPrograms(string level)
    {
        string tree = await TreeAsync("tree", umask: "022");
        string tar = _temporary.PathOf("plain.tar");
        string gzip = _temporary.PathOf($"{level}.tgz");
        (await Run.CliAsync("pack", tree, "-o", tar, "--format", "tar")).Succeeded();
        (await Run.CliAsync("pack", tree, "-o", gzip, "--level", level)).Succeeded();
        string expected = (await Run.ProgramAsync("sh", "-c", $"sha256sum < {tar}")).Succeeded().Output;
        string python = $"import gzip,sys,shutil; shutil.copyfileobj(gzip.open('{gzip}'), sys.stdout.buffer)";
        foreach (string command in (string[])[$"gzip -dc {gzip}", $"{Peer.Pigz} -dc {gzip}", $"{Peer.Igzip} -dc {gzip}", $"{Peer.Python} -c \"{python}\""])
        {
            Assert.Equal(expected, (await Run.ProgramAsync("sh", "-c", $"{command} > {tar} && sha256sum < {tar}")).Succeeded().Output);
        }
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("small")]
    [InlineData("store")]
    public async Task ImageBuild_EveryLevel_SkopeoUmociAndTheEngineOpenIt(string level)
    {
        string tree = await TreeAsync("tree", umask: "022");
        string layout = _temporary.PathOf("layout");
        string archive = _temporary.PathOf("image.tar");
        (await Run.CliAsync("image", "build", tree, "--base", "scratch", "--level", level, "--target", $"oci:{layout}:one")).Succeeded();
        (await Run.CliAsync("copy", $"oci:{layout}:one", $"docker-archive:{archive}", "--name", $"e2e/{level}:one")).Succeeded();

        (await Run.ProgramAsync(Peer.Skopeo, "copy", $"oci:{layout}:one", $"dir:{_temporary.PathOf("copy")}")).Succeeded();
        string bundle = _temporary.PathOf("bundle");
        (await Run.ProgramAsync(Peer.Umoci, "unpack", "--rootless", "--image", $"{layout}:one", bundle)).Succeeded();
        (await Run.ProgramAsync("diff", "-r", tree, Path.Combine(bundle, "rootfs"))).Succeeded();
        (await Run.DockerAsync("load", "--input", archive)).Succeeded();
        (await Run.DockerAsync("image", "rm", $"e2e/{level}:one")).Succeeded();
    }

    [Fact]
    public async Task OutputInsideTheDirectory_ByAnyPath_IsRefused()
    {
        _temporary.Write("tree/f", "f");
        _temporary.Link("link", "tree");
        string tree = _temporary.PathOf("tree");
        foreach (string[] command in (string[][])
        [
            ["pack", tree, "-o", _temporary.PathOf("link/o.tgz")],
            ["pack", _temporary.PathOf("link"), "-o", Path.Combine(tree, "o.tgz")],
            ["image", "build", tree, "--base", "scratch", "--target", $"oci:{_temporary.PathOf("link/image")}:1"],
            ["image", "build", tree, "--base", "scratch", "--target", $"docker-archive:{tree}/image.tar"],
        ])
        {
            Finished refused = await Run.CliAsync(command);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("would be packed into itself", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(["f"], Directory.GetFileSystemEntries(tree).Select(Path.GetFileName));
        Finished lookup = await Run.CliAsync("pack", tree, "-o", _temporary.PathOf("o.tgz"), "--cache-lookup", "content");
        Assert.Equal(2, lookup.ExitCode);
        Assert.Contains("--cache DIR", lookup.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _temporary.Dispose();

    private async Task<string> DigestAsync(string[] prefix, string tree, string level, string threads)
    {
        string file = _temporary.PathOf("out.tgz");
        Finished packed = (await Run.ProgramAsync(prefix[0], [.. prefix[1..], Repository.Cli, "pack", tree, "-o", file, "--level", level, "--threads", threads, "--json"])).Succeeded();
        using JsonDocument result = JsonDocument.Parse(packed.Output);
        return result.RootElement.GetProperty("digest").GetString()!;
    }

    /// <summary>Writes 3 MB of files of many kinds: text, patterns, zeros, empty ones, links, names that sort differently by culture.</summary>
    private async Task<string> TreeAsync(string name, string umask)
    {
        string tree = _temporary.MakeDirectory(name);
        await WriteAsync(tree, "a/zeros", Stream.Null, 300_000);
        await WriteAsync(tree, "a-b", new PatternStream(10, 1), 0);
        await WriteAsync(tree, "A/ä/İıŞ.txt", new PatternStream(1_000, 2), 0);
        await WriteAsync(tree, "large", new PatternStream(1_500_000, 3), 0);
        await WriteAsync(tree, "empty", Stream.Null, 0);
        await WriteAsync(tree, "run.sh", new MemoryStream("#!/bin/sh\n"u8.ToArray()), 0);
        for (int i = 0; i < 300; i++)
        {
            await WriteAsync(tree, $"text/{i % 17}/{i}.txt", new MemoryStream(System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40 + (i * 7 % 900)).Select(n => $"line {n * i % 1000}\n")))), 0);
        }

        File.CreateSymbolicLink(Path.Combine(tree, "link"), "text/1");
        (await Run.ProgramAsync("sh", "-c", $"umask {umask}; chmod -R =rwX '{tree}'; chmod +x '{tree}/run.sh'")).Succeeded();
        return tree;
    }

    private static async Task WriteAsync(string tree, string name, Stream content, int zeros)
    {
        string path = Path.Combine(tree, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using FileStream file = File.Create(path);
        await content.CopyToAsync(file, TestContext.Current.CancellationToken);
        await file.WriteAsync(new byte[zeros], TestContext.Current.CancellationToken);
    }
}

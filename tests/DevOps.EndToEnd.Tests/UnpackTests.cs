using System.IO.Compression;
using System.Text.Json;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>Archives back to directories, from the command line.</summary>
public sealed class UnpackTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("tar")]
    public async Task Unpack_WhatPackWrote_PacksToTheSameBytes(string format)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        temporary.Write("tree/sub/file", "text");
        temporary.Link("tree/link", "sub/file");
        string first = temporary.PathOf("first");
        string second = temporary.PathOf("second");
        (await Run.CliAsync("pack", temporary.PathOf("tree"), "-o", first, "--format", format)).Succeeded();

        Finished unpacked = (await Run.CliAsync("unpack", first, temporary.PathOf("out"), "--json")).Succeeded();
        (await Run.CliAsync("pack", temporary.PathOf("out"), "-o", second, "--format", format)).Succeeded();

        using JsonDocument result = JsonDocument.Parse(unpacked.Output);
        Assert.Equal(3, result.RootElement.GetProperty("entries").GetInt32());
        Assert.Equal(await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TarList_RealRootFileSystem_ListsWhatGnuTarLists()
    {
        Finished theirs = (await Run.ProgramAsync("tar", "--list", "--quoting-style=literal", "--file", Peer.BaseRootFileSystem)).Succeeded();

        Finished ours = (await Run.CliAsync("tar", "list", Peer.BaseRootFileSystem, "--json")).Succeeded();

        using JsonDocument result = JsonDocument.Parse(ours.Output);
        Assert.Equal(
            theirs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => name.TrimEnd('/')),
            result.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()!.TrimEnd('/')));
    }

    [Theory]
    [InlineData("no-such-file", "Could not find file")]
    [InlineData(".", "is a directory")]
    [InlineData("zstd", "compressed with zstd, and there is no decoder")]
    [InlineData("noise", "The tar archive is not valid")]
    [InlineData("cut", "damaged or cut off")]
    public async Task Unpack_NoArchive_SaysWhat(string file, string message)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        temporary.Write("zstd", [0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0]);
        temporary.Write("noise", new string('x', 2000));
        using (FileStream cut = File.Create(temporary.PathOf("cut")))
        {
            using GZipStream gzip = new(cut, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(new byte[100_000]);
        }

        await using (FileStream cut = File.OpenWrite(temporary.PathOf("cut")))
        {
            cut.SetLength(cut.Length / 2);
        }

        Finished run = await Run.InAsync(temporary.Path, Repository.Cli, "unpack", file, "out");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(message, run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}

using System.Text.Json;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>The cache from the command line: the same bytes, whoever else uses it and whatever was killed.</summary>
public sealed class CacheTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public CacheTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells when a file was changed");
        _directory.Write("tree/app/numbers", string.Join('\n', Enumerable.Range(0, 900_000)));
        _directory.Write("tree/app/settings", "{}");
        _directory.Link("tree/current", "app");
    }

    [Fact]
    public async Task Pack_TwiceInARow_GivesTheSameDigestsAndFindsTheSecond()
    {
        JsonElement without = await PackAsync("out");
        JsonElement first = await PackAsync("out", "--cache", _directory.PathOf("cache"));
        JsonElement second = await PackAsync("out", "--cache", _directory.PathOf("cache"));
        JsonElement third = await PackAsync("another", "--cache", _directory.PathOf("cache"));

        foreach (JsonElement packed in new[] { first, second, third })
        {
            Assert.All(["digest", "diffId"], name => Assert.Equal(without.GetProperty(name).GetString(), packed.GetProperty(name).GetString()));
        }

        Assert.Equal((0, 1, 1), (Found(first), Found(second), Found(third)));
        Assert.Equal(without.GetProperty("digest").GetString(), Oci.Digest.Compute(await File.ReadAllBytesAsync(_directory.PathOf("another"), TestContext.Current.CancellationToken)).ToString());
    }

    [Fact]
    public async Task Pack_ChangedFile_CompressesAFewSegments()
    {
        string cache = _directory.PathOf("cache");
        await PackAsync("out", "--cache", cache);
        await using (FileStream file = File.OpenWrite(_directory.PathOf("tree/app/numbers")))
        {
            file.Seek(3_000_000, SeekOrigin.Begin);
            file.WriteByte((byte)'x');
        }

        JsonElement changed = await PackAsync("out", "--cache", cache);

        Assert.Equal((await PackAsync("plain")).GetProperty("digest").GetString(), changed.GetProperty("digest").GetString());
        Assert.InRange(changed.GetProperty("cache").GetProperty("compressedSegments").GetInt32(), 1, 3);
        Assert.NotEqual(0, changed.GetProperty("cache").GetProperty("reusedSegments").GetInt32());
    }

    [Fact]
    public async Task Pack_FreshCheckout_IsFoundByContent()
    {
        string cache = _directory.PathOf("cache");
        JsonElement first = await PackAsync("out", "--cache", cache);
        Assert.Equal(0, (await Run.ProgramAsync("cp", "-r", _directory.PathOf("tree"), _directory.PathOf("fresh"))).Succeeded().ExitCode);

        JsonElement fresh = await RunAsync("pack", _directory.PathOf("fresh"), "-o", _directory.PathOf("out2"), "--cache", cache, "--cache-lookup", "content");

        Assert.Equal((1, first.GetProperty("digest").GetString()), (Found(fresh), fresh.GetProperty("digest").GetString()));
    }

    [Fact]
    public async Task ImageBuild_TwiceInARow_GivesTheSameDigest()
    {
        // Meanwhile the files get old enough to be told by their times.
        await PackAsync("plain");
        JsonElement first = await BuildAsync("1");
        JsonElement second = await BuildAsync("2");

        Assert.Equal(first.GetProperty("digest").GetString(), second.GetProperty("digest").GetString());
        Assert.Equal((0, 1), (Found(first), Found(second)));
        Assert.Equal(0, second.GetProperty("copied").GetInt32());
    }

    [Fact]
    public async Task Pack_SeveralProcessesAtOnce_AllGiveTheSameDigest()
    {
        string expected = (await PackAsync("plain")).GetProperty("digest").GetString()!;

        JsonElement[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PackAsync($"out-{i}", "--cache", _directory.PathOf("cache"))));

        Assert.All(results, result => Assert.Equal(expected, result.GetProperty("digest").GetString()));
        Assert.All(results, result => Assert.Equal(JsonValueKind.Null, result.GetProperty("cache").GetProperty("warning").ValueKind));
    }

    [Fact]
    public async Task Pack_OthersWereKilled_GivesTheSameDigest()
    {
        string expected = (await PackAsync("plain")).GetProperty("digest").GetString()!;
        Random random = new(Soak.Seed(4));
        for (int round = 0; round < Soak.Times(6); round++)
        {
            using (System.Diagnostics.Process process = Run.Start(_directory.Path, Repository.Cli, "pack", "tree", "-o", "out", "--cache", "cache"))
            {
                await Task.Delay(random.Next(20, 250), TestContext.Current.CancellationToken);
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            JsonElement packed = await PackAsync("out", "--cache", _directory.PathOf("cache"));

            Assert.Equal(expected, packed.GetProperty("digest").GetString());
            Assert.Equal(JsonValueKind.Null, packed.GetProperty("cache").GetProperty("warning").ValueKind);
            Assert.Equal(expected, Oci.Digest.Compute(await File.ReadAllBytesAsync(_directory.PathOf("out"), TestContext.Current.CancellationToken)).ToString());
        }
    }

    [Fact]
    public async Task Pack_CacheThatCannotBe_WarnsAndPacks()
    {
        _directory.Write("file");

        Finished run = (await Run.CliAsync("pack", _directory.PathOf("tree"), "-o", _directory.PathOf("out"), "--cache", _directory.PathOf("file/cache"))).Succeeded();

        Assert.Contains("warning: The cache", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pack_CacheInTheTree_IsRefused()
    {
        Finished run = await Run.CliAsync("pack", _directory.PathOf("tree"), "-o", _directory.PathOf("out"), "--cache", _directory.PathOf("tree/cache"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("would be packed", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static int Found(JsonElement result) => result.GetProperty("cache").GetProperty("found").GetInt32();

    private static async Task<JsonElement> RunAsync(params string[] words) => JsonDocument.Parse((await Run.CliAsync([.. words, "--json"])).Succeeded().Output).RootElement;

    private Task<JsonElement> PackAsync(string output, params string[] words) => RunAsync(["pack", _directory.PathOf("tree"), "-o", _directory.PathOf(output), .. words]);

    private Task<JsonElement> BuildAsync(string tag) => RunAsync(
        "image", "build", _directory.PathOf("tree"), "--base", "scratch", "--target", $"oci:{_directory.PathOf("layout")}:{tag}", "--cache", _directory.PathOf("cache"));
}

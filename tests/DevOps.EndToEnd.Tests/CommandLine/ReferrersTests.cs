using System.Text.Json;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class ReferrersTests(HeldImage held) : IClassFixture<HeldImage>
{
    [Fact]
    public async Task Referrers_Image_AreATreeWithTheirAnnotations()
    {
        Finished run = (await Run.CliAsync("referrers", $"{held.Name}:1")).Succeeded();

        string[] lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Equal(held.Image.Digest.ToString(), lines[0]);
        Assert.StartsWith($"  application/spdx+json  {held.Bom.Digest}  ", lines[1], StringComparison.Ordinal);
        Assert.Equal("    org.example.by=robot", lines[2]);
        Assert.StartsWith($"    application/example.signature  {held.Signature.Digest}  ", lines[3], StringComparison.Ordinal);
        Assert.Equal("      org.example.by=robot", lines[4]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    public async Task Referrers_Depth_GoesSoDeep(int depth, int levels)
    {
        Finished run = (await Run.CliAsync("referrers", $"{held.Name}:1", "--json", "--depth", $"{depth}")).Succeeded();

        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement bom = Assert.Single(json.RootElement.GetProperty("referrers").EnumerateArray());
        Assert.Equal(held.Bom.Digest.ToString(), bom.GetProperty("digest").GetString());
        Assert.Equal(levels - 1, bom.GetProperty("referrers").GetArrayLength());
    }

    [Fact]
    public async Task Referrers_TypeThatNoneHas_SaysThatThereAreNone()
    {
        Finished run = (await Run.CliAsync("referrers", $"{held.Name}:1", "--type", "text/none")).Succeeded();

        Assert.Equal($"{held.Image.Digest}\n  nothing refers to it", run.Output.TrimEnd());
    }

    [Fact]
    public async Task Referrers_NoSuchImage_Fails()
    {
        Finished run = await Run.CliAsync("referrers", $"{held.Name}:9");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not hold", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Referrers_LayoutAndArchive_AreThoseThatWereCopied()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string layout = $"oci:{Path.Combine(temporary.Path, "layout")}";
        string archive = $"docker-archive:{Path.Combine(temporary.Path, "image.tar")}";
        (await Run.CliAsync("copy", $"{held.Name}:1", $"{layout}:1", "--referrers")).Succeeded();
        (await Run.CliAsync("copy", $"{held.Name}:1", archive)).Succeeded();
        Finished registry = (await Run.CliAsync("referrers", $"{held.Name}:1")).Succeeded();
        Finished tagged = (await Run.CliAsync("referrers", $"{layout}:1")).Succeeded();
        Finished onlyImage = (await Run.CliAsync("referrers", layout)).Succeeded();
        Finished none = (await Run.CliAsync("referrers", archive)).Succeeded();

        Assert.Contains("application/spdx+json", registry.Output, StringComparison.Ordinal);
        Assert.Equal((registry.Output, registry.Output), (tagged.Output, onlyImage.Output));
        Assert.Equal($"{held.Image.Digest}\n  nothing refers to it", none.Output.TrimEnd());
    }
}

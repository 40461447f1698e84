using System.Text.Json;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests.CommandLine;

public sealed class InspectTests(HeldImage held) : IClassFixture<HeldImage>
{
    [Fact]
    public async Task Inspect_Image_TellsWhatItIsMadeOf()
    {
        Finished run = (await Run.CliAsync("inspect", $"{held.Name}:1", "--history")).Succeeded();

        string[] lines = [.. run.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd())];
        Assert.Equal($"Digest:        {held.Image.Digest}", lines[0]);
        Assert.Contains("Platform:      linux/amd64", lines);
        Assert.Contains("Created:       1970-01-01T00:00:00Z", lines);
        Assert.Contains("Entrypoint:    [\"/app/run\", \"two words\"]", lines);
        Assert.Contains("  org.example.team=blue", lines);
        Assert.Contains("Layers (1, 3.0 KiB):", lines);
        Assert.Contains(lines, line => line.EndsWith("COPY app", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_Json_HasEveryMember()
    {
        Finished run = (await Run.CliAsync("inspect", $"{held.Name}:1", "--json")).Succeeded();

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            [
                "digest", "mediaType", "size", "artifactType", "subject", "annotations", "children", "layersSize", "imageId", "platform", "created", "user", "workingDirectory",
                "entrypoint", "cmd", "env", "exposedPorts", "labels", "history",
            ],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(held.Image.Digest.ToString(), json.RootElement.GetProperty("digest").GetString());
        Assert.Equal(3072, json.RootElement.GetProperty("layersSize").GetInt64());
        Assert.Equal("blue", json.RootElement.GetProperty("labels").GetProperty("org.example.team").GetString());
    }

    [Fact]
    public async Task Inspect_Raw_IsTheManifestByteForByte()
    {
        Finished run = (await Run.CliAsync("inspect", $"{held.Name}:all", "--raw")).Succeeded();

        Assert.Equal(held.Index.Digest, Digest.Compute(System.Text.Encoding.UTF8.GetBytes(run.Output)));
    }

    [Fact]
    public async Task Inspect_IndexAndPlatform_ShowsTheListThenTheImage()
    {
        Finished index = (await Run.CliAsync("inspect", $"{held.Name}:all")).Succeeded();
        Finished image = (await Run.CliAsync("inspect", $"{held.Name}:all", "--platform", "linux/amd64")).Succeeded();
        Finished missing = await Run.CliAsync("inspect", $"{held.Name}:all", "--platform", "linux/s390x");

        Assert.Contains($"  linux/amd64  {held.Image.Digest}", index.Output, StringComparison.Ordinal);
        Assert.StartsWith($"Digest:        {held.Image.Digest}", image.Output, StringComparison.Ordinal);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("It has linux/amd64.", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Artifact_TellsItsTypeSubjectAndAnnotations()
    {
        Finished run = (await Run.CliAsync("inspect", $"{held.Name}@{held.Bom.Digest}")).Succeeded();

        Assert.Contains("Artifact type: application/spdx+json", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Subject:       {held.Image.Digest}", run.Output, StringComparison.Ordinal);
        Assert.Contains("  org.example.by=robot", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "does not hold", "{name}:9")]
    [InlineData(1, "the tag 'latest', which is meant as", "{name}")]
    [InlineData(2, "is not a platform", "{name}:all", "--platform", "linux")]
    [InlineData(2, "nothing else", "{name}:1", "--raw", "--json")]
    public async Task Inspect_BadInput_SaysWhat(int exitCode, string message, params string[] words)
    {
        Finished run = await Run.CliAsync([.. words.Select(word => word.Replace("{name}", held.Name, StringComparison.Ordinal)).Prepend("inspect")]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    // A path that reads as a reference too, so that no other registry is asked.
    [Fact]
    public async Task Inspect_LayoutWithoutItsScheme_SaysHowItIsWritten()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        (await Run.InAsync(temporary.Path, Repository.Cli, "copy", $"{held.Name}:1", "oci:127.0.0.1:1/team/api:1")).Succeeded();
        Finished wrong = await Run.InAsync(temporary.Path, Repository.Cli, "inspect", "127.0.0.1:1/team/api:1");

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Connection refused", wrong.Error, StringComparison.Ordinal);
        Assert.EndsWith(" write 'oci:127.0.0.1:1/team/api:1'.", wrong.Error.TrimEnd(), StringComparison.Ordinal);
        (await Run.InAsync(temporary.Path, Repository.Cli, "inspect", "oci:127.0.0.1:1/team/api:1")).Succeeded();
    }

    [Fact]
    public async Task Inspect_LayoutOfSeveralImages_NamesTheirTags()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string layout = $"oci:{Path.Combine(temporary.Path, "layout")}";
        (await Run.CliAsync("copy", $"{held.Name}:1", $"{layout}:one")).Succeeded();
        (await Run.CliAsync("copy", $"{held.Name}:all", $"{layout}:all")).Succeeded();
        Finished run = await Run.CliAsync("inspect", layout);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("holds 2 images. Name one by its tag: oci:PATH:TAG. Its tags are all, one.", run.Error, StringComparison.Ordinal);
    }
}

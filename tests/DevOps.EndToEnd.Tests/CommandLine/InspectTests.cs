using System.Text.Json;
using DevOps.Oci;

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
    [InlineData(2, "is not a platform", "{name}:all", "--platform", "linux")]
    [InlineData(2, "nothing else", "{name}:1", "--raw", "--json")]
    public async Task Inspect_BadInput_SaysWhat(int exitCode, string message, params string[] words)
    {
        Finished run = await Run.CliAsync([.. words.Select(word => word.Replace("{name}", held.Name, StringComparison.Ordinal)).Prepend("inspect")]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}

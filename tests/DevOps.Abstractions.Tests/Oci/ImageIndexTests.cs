using System.Text;
using System.Text.Json.Nodes;

namespace DevOps.Oci.Tests;

public sealed class ImageIndexTests
{
    // OCI image-spec 1.1, image-index.md, "Example Image Index".
    private const string Example = """
        {
          "schemaVersion": 2,
          "mediaType": "application/vnd.oci.image.index.v1+json",
          "manifests": [
            {
              "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "size": 7143,
              "digest": "sha256:e692418e4cbaf90ca69d05a66403747baa33ee08806650b51fab815ad7fc331f",
              "platform": {
                "architecture": "ppc64le",
                "os": "linux"
              }
            },
            {
              "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "size": 7682,
              "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
              "platform": {
                "architecture": "amd64",
                "os": "linux"
              }
            }
          ],
          "annotations": {
            "com.example.key1": "value1",
            "com.example.key2": "value2"
          }
        }
        """;

    [Fact]
    public void Parse_SpecificationExample_ReadsEveryMember()
    {
        ImageIndex index = Parse(Example);

        Assert.Equal(MediaTypes.ImageIndex, index.MediaType);
        Assert.Equal(["linux/ppc64le", "linux/amd64"], index.Manifests.Select(manifest => manifest.Platform!.ToString()));
        Assert.Equal(index.Manifests, index.Children);
        Assert.Equal(2, index.Annotations.Count);
        Assert.Null(index.Subject);
        Assert.Equal(Digest.Compute(Encoding.UTF8.GetBytes(Example)), index.Digest);
    }

    [Fact]
    public void Parse_DockerManifestList_KeepsItsType()
    {
        ImageIndex index = Parse(With("mediaType", $"\"{MediaTypes.DockerManifestList}\""));
        Assert.Equal(MediaTypes.DockerManifestList, index.MediaType);
        Assert.Equal(MediaTypes.DockerManifestList, index.Edit(tree => tree.Remove("mediaType")).MediaType);
    }

    [Fact]
    public void Parse_EmptyList_IsAnIndex() => Assert.Empty(Parse(With("manifests", "[]")).Manifests);

    [Theory]
    [InlineData("layers", "[]")]
    [InlineData("layers", "null")]
    [InlineData("config", "{}")]
    [InlineData("config", "null")]
    [InlineData("manifests", null)]
    [InlineData("manifests", "{}")]
    [InlineData("manifests", "[[]]")]
    [InlineData("mediaType", "\"application/vnd.oci.image.manifest.v1+json\"")]
    [InlineData("schemaVersion", "3")]
    [InlineData("schemaVersion", "null")]
    public void Parse_BrokenMember_ThrowsInvalidContent(string member, string? value) =>
        Assert.Throws<InvalidContentException>(() => Parse(With(member, value)));

    [Fact]
    public void Parse_CameAsAManifest_ThrowsInvalidContent() =>
        Assert.Throws<InvalidContentException>(() => ImageIndex.Parse(Encoding.UTF8.GetBytes(Example), MediaTypes.ImageManifest));

    [Fact]
    public void Edit_OneMember_KeepsUnknownOnes()
    {
        ImageIndex index = Parse(With("io.example", "{\"x\":[1,null]}")).Edit(tree => tree["artifactType"] = "application/x+json");

        Assert.Equal("application/x+json", index.ArtifactType);
        Assert.Contains("\"artifactType\":\"application/x+json\"", index.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"io.example\":{\"x\":[1,null]}", index.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, index.Manifests.Length);
    }

    [Fact]
    public void Create_Manifests_ReadsBack()
    {
        Descriptor amd64 = Descriptor.ForContent(MediaTypes.ImageManifest, "a"u8) with { Platform = Platform.LinuxAmd64 };
        Descriptor arm64 = Descriptor.ForContent(MediaTypes.ImageManifest, "b"u8) with { Platform = Platform.LinuxArm64 };
        ImageIndex index = ImageIndex.Create(amd64, arm64);

        Assert.Equal([amd64, arm64], index.Manifests);
        Assert.Equal(Platform.LinuxArm64, index.Manifests[1].Platform);
        Assert.StartsWith("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":""", index.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FindManifest_SeveralMatch_ReturnsTheFirst()
    {
        Descriptor[] manifests = [Of("unknown/unknown", "att"), Of("linux/arm/v6", "6"), Of("linux/arm/v7", "7"), Of("linux/arm64/v8", "8"), Of("linux/arm64", "9")];
        ImageIndex index = ImageIndex.Create([Descriptor.ForContent(MediaTypes.ImageManifest, "no platform"u8), .. manifests]);

        Assert.Equal(manifests[1], index.FindManifest(Platform.Parse("linux/arm")));
        Assert.Equal(manifests[2], index.FindManifest(Platform.Parse("linux/arm/v7")));
        Assert.Equal(manifests[3], index.FindManifest(Platform.LinuxArm64));
        Assert.Null(index.FindManifest(Platform.LinuxAmd64));
        Assert.Null(index.FindManifest(Platform.Parse("unknown/unknown")));
    }

    [Fact] // Go's image-spec types write a nil slice as null: "Manifests []Descriptor `json:"manifests"`"
    public void Parse_NullManifestsAsGoWritesThem_IsEmpty() => Assert.Empty(Parse(With("manifests", "null")).Manifests);

    private static Descriptor Of(string platform, string content) =>
        Descriptor.ForContent(MediaTypes.ImageManifest, Encoding.UTF8.GetBytes(content)) with { Platform = Platform.Parse(platform) };

    private static ImageIndex Parse(string json) => ImageIndex.Parse(Encoding.UTF8.GetBytes(json));

    private static string With(string member, string? value)
    {
        JsonObject json = (JsonObject)JsonNode.Parse(Example)!;
        json.Remove(member);
        if (value is not null)
        {
            json[member] = JsonNode.Parse(value);
        }

        return json.ToJsonString();
    }
}

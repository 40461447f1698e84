using System.Text;
using System.Text.Json.Nodes;

namespace DevOps.Oci.Tests;

public sealed class ImageManifestTests
{
    // OCI image-spec 1.1, manifest.md, "Example Image Manifest".
    private const string Example = """
        {
          "schemaVersion": 2,
          "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": "sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7",
            "size": 7023
          },
          "layers": [
            {
              "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
              "digest": "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
              "size": 32654
            },
            {
              "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
              "digest": "sha256:3c3a4604a545cdc127456d94e421cd355bca5b528f4a9c1905b15da2eb4a4c6b",
              "size": 16724
            },
            {
              "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
              "digest": "sha256:ec4b8955958665577945c89419d1af06b5f7636b4ac3da7f12184802ad867736",
              "size": 73109
            }
          ],
          "subject": {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
            "size": 7682
          },
          "annotations": {
            "com.example.key1": "value1",
            "com.example.key2": "value2"
          }
        }
        """;

    [Fact]
    public void Parse_SpecificationExample_ReadsEveryMember()
    {
        ImageManifest manifest = Parse(Example);

        Assert.Equal(MediaTypes.ImageManifest, manifest.MediaType);
        Assert.Equal(7023, manifest.Config.SizeBytes);
        Assert.Equal([32654L, 16724L, 73109L], manifest.Layers.Select(layer => layer.SizeBytes));
        Assert.Equal("sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270", manifest.Subject!.Digest.ToString());
        Assert.Equal(["com.example.key1", "com.example.key2"], manifest.Annotations.Keys);
        Assert.Equal([manifest.Config, .. manifest.Layers], manifest.Children);
        Assert.Null(manifest.ArtifactType);
    }

    [Fact]
    public void Parse_AnyFormatting_KeepsBytesAndDigest()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Example);
        byte[] buffer = [.. bytes];
        ImageManifest manifest = ImageManifest.Parse(buffer);
        Array.Clear(buffer);

        Assert.Equal(bytes, manifest.RawBytes.ToArray());
        Assert.Equal(Digest.Compute(bytes), manifest.Digest);
        Assert.Equal(bytes.Length, manifest.Descriptor.SizeBytes);
        Assert.Equal(Example, manifest.ToString());
    }

    [Fact]
    public void Edit_OneMember_KeepsTheOthersAlsoUnknownOnes()
    {
        ImageManifest manifest = Parse(With("io.example", """{"deep":[1,2.50,null,{"x":"<&>"}],"big":12345678901234567890}"""));
        ImageManifest edited = manifest.WithAnnotations([new("com.example.key2", "new"), new("a", "1")]);

        Assert.Equal("""{"a":"1","com.example.key1":"value1","com.example.key2":"new"}""", edited.ToJson()["annotations"]!.ToJsonString());
        Assert.Contains("\"io.example\":{\"deep\":[1,2.50,null,{\"x\":\"<&>\"}],\"big\":12345678901234567890}", edited.ToString(), StringComparison.Ordinal);
        Assert.Equal(manifest.Layers, edited.Layers);
        Assert.Equal(manifest.Subject, edited.Subject);
        Assert.Equal("value2", manifest.Annotations["com.example.key2"]);
        Assert.NotEqual(manifest.Digest, edited.Digest);
    }

    [Fact]
    public void Edit_ThatBreaksIt_ThrowsInvalidContent()
    {
        ImageManifest manifest = Parse(Example);
        Assert.Throws<InvalidContentException>(() => manifest.Edit(tree => tree.Remove("config")));
        Assert.Throws<InvalidContentException>(() => manifest.Edit(tree => tree["mediaType"] = MediaTypes.ImageIndex));
        Assert.Throws<InvalidContentException>(() => manifest.Edit(tree => tree["manifests"] = new JsonArray()));
        Assert.Throws<ArgumentNullException>(() => manifest.Edit(null!));
    }

    [Fact]
    public void ToJson_Changed_LeavesTheDocumentAlone()
    {
        ImageManifest manifest = Parse(Example);
        manifest.ToJson().Clear();
        Assert.Equal(3, manifest.ToJson()["layers"]!.AsArray().Count);
    }

    [Fact]
    public void Create_ConfigAndLayers_WritesCompactJsonWithPlainPlus()
    {
        Descriptor config = Descriptor.ForContent(MediaTypes.ImageConfig, "{}"u8);
        ImageManifest manifest = ImageManifest.Create(config, Descriptor.ForContent(MediaTypes.LayerGzip, "layer"u8));

        // expected: the members of the specification's example, in its order, without white space; digests by "printf layer | sha256sum"
        Assert.Equal(
            string.Concat(
                """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",""",
                """ "config":{"mediaType":"application/vnd.oci.image.config.v1+json",""",
                """ "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},""",
                """ "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",""",
                """ "digest":"sha256:dac1d7cfa95021764849fd102524e141488c5e3a90f861dbb5a12d9ac8584f85","size":5}]}""").Replace(" ", "", StringComparison.Ordinal),
            manifest.ToString());
        Assert.Equal(manifest.Digest, ImageManifest.Create(config, manifest.Layers).Digest);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{}")]
    [InlineData("{}{}")]
    [InlineData("{} // comment")]
    [InlineData("{\"schemaVersion\":2,}")]
    [InlineData("{\"schemaVersion\":2,\"config\":{},\"layers\":[]}")]
    public void Parse_OtherDocument_ThrowsInvalidContent(string json) => Assert.Throws<InvalidContentException>(() => Parse(json));

    [Theory]
    [InlineData("schemaVersion", "1")]
    [InlineData("schemaVersion", "\"2\"")]
    [InlineData("schemaVersion", null)]
    [InlineData("mediaType", "\"application/vnd.oci.image.index.v1+json\"")]
    [InlineData("mediaType", "\"application/json\"")]
    [InlineData("mediaType", "2")]
    [InlineData("config", null)]
    [InlineData("config", "null")]
    [InlineData("config", "[]")]
    [InlineData("layers", null)]
    [InlineData("layers", "{}")]
    [InlineData("layers", "[null]")]
    [InlineData("layers", "[1]")]
    [InlineData("layers", "[{}]")]
    [InlineData("manifests", "[]")]
    [InlineData("manifests", "null")]
    [InlineData("subject", "{}")]
    [InlineData("subject", "\"sha256:x\"")]
    [InlineData("annotations", "[]")]
    [InlineData("annotations", "{\"a\":null}")]
    [InlineData("artifactType", "1")]
    public void Parse_BrokenMember_ThrowsInvalidContent(string member, string? value) =>
        Assert.Throws<InvalidContentException>(() => Parse(With(member, value)));

    [Theory]
    [InlineData("\"config\":", "\"schemaVersion\": 2, \"config\":")]
    [InlineData("\"size\": 16724", "\"size\": 16724, \"size\": 1")]
    [InlineData("\"com.example.key1\": \"value1\"", "\"com.example.key1\": \"value1\", \"com.example.ke\\u00791\": \"other\"")]
    public void Parse_DuplicateKey_ThrowsInvalidContent(string old, string duplicate) =>
        Assert.Throws<InvalidContentException>(() => Parse(Example.Replace(old, duplicate, StringComparison.Ordinal)));

    [Theory]
    [InlineData(MediaTypes.DockerManifest)]
    [InlineData(MediaTypes.ImageIndex)]
    [InlineData("text/html")]
    public void Parse_CameAsAnotherType_ThrowsInvalidContent(string mediaType) =>
        Assert.Throws<InvalidContentException>(() => ImageManifest.Parse(Encoding.UTF8.GetBytes(Example), mediaType));

    [Theory]
    [InlineData(null, MediaTypes.ImageManifest)]
    [InlineData(MediaTypes.ImageManifest, MediaTypes.ImageManifest)]
    [InlineData(MediaTypes.DockerManifest, MediaTypes.DockerManifest)]
    public void Parse_NoTypeInside_IsWhatItCameAs(string? mediaType, string expected) =>
        Assert.Equal(expected, ImageManifest.Parse(Encoding.UTF8.GetBytes(With("mediaType", null)), mediaType).MediaType);

    [Theory]
    [InlineData("subject")]
    [InlineData("annotations")]
    [InlineData("artifactType")]
    [InlineData("mediaType")]
    public void Parse_NullOptionalMember_IsAbsent(string member)
    {
        ImageManifest manifest = Parse(With(member, "null"));
        Assert.Equal(3, manifest.Layers.Length);
    }

    [Fact]
    public void Parse_DepthBomb_ThrowsInvalidContent()
    {
        string bomb = "{\"a\":" + string.Concat(Enumerable.Repeat("[", 200_000)) + string.Concat(Enumerable.Repeat("]", 200_000)) + "}";
        Assert.Throws<InvalidContentException>(() => Parse(bomb));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Parse_FourMebibytes_IsTheMost(int beyond, bool accepted)
    {
        byte[] bytes = new byte[OciDocument.MaxLengthBytes + beyond];
        bytes.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes(Example).CopyTo(bytes, 0);
        Assert.Equal(4 * 1024 * 1024, OciDocument.MaxLengthBytes);
        if (accepted)
        {
            Assert.Equal(Digest.Compute(bytes), ImageManifest.Parse(bytes).Digest);
        }
        else
        {
            Assert.Throws<InvalidContentException>(() => ImageManifest.Parse(bytes));
        }
    }

    [Fact]
    public void ManifestDocument_Parse_ChoosesByTheMediaType()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Example);
        Assert.IsType<ImageManifest>(ManifestDocument.Parse(bytes, MediaTypes.ImageManifest));
        Assert.Throws<InvalidContentException>(() => ManifestDocument.Parse(bytes, MediaTypes.ImageIndex));
        Assert.Throws<InvalidContentException>(() => ManifestDocument.Parse(bytes, MediaTypes.DockerManifestList));
        Assert.Throws<InvalidContentException>(() => ManifestDocument.Parse(bytes, "application/json"));
        Assert.Throws<ArgumentNullException>(() => ManifestDocument.Parse(bytes, null!));
    }

    [Fact] // Go's image-spec types write a nil slice as null: "Layers []Descriptor `json:"layers"`"
    public void Parse_NullLayersAsGoWritesThem_IsEmpty() => Assert.Empty(Parse(With("layers", "null")).Layers);

    private static ImageManifest Parse(string json) => ImageManifest.Parse(Encoding.UTF8.GetBytes(json));

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

using System.Text;
using System.Text.Json.Nodes;

namespace DevOps.Oci.Tests;

public sealed class DescriptorTests
{
    // The example of OCI image-spec 1.1, descriptor.md, with every optional member.
    private const string Full = """
        {
          "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "digest": "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
          "size": 7682,
          "urls": [ "https://example.com/example-manifest" ],
          "annotations": { "b": "2", "a": "1" },
          "platform": { "architecture": "arm64", "os": "linux", "variant": "v8" },
          "artifactType": "application/vnd.example+json",
          "io.example.unknown": [ 1, { "x": null } ]
        }
        """;

    [Fact]
    public void FromJson_SpecificationExample_ReadsEveryMember()
    {
        Descriptor descriptor = Read(Full);

        Assert.Equal(MediaTypes.ImageManifest, descriptor.MediaType);
        Assert.Equal("sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270", descriptor.Digest.ToString());
        Assert.Equal(7682, descriptor.SizeBytes);
        Assert.Equal(["https://example.com/example-manifest"], descriptor.Urls);
        Assert.Equal(["a", "b"], descriptor.Annotations.Keys);
        Assert.Equal(Platform.LinuxArm64, descriptor.Platform);
        Assert.Equal("application/vnd.example+json", descriptor.ArtifactType);
        Assert.Null(descriptor.Data);
    }

    [Theory]
    [InlineData("mediaType", null)]
    [InlineData("digest", null)]
    [InlineData("size", null)]
    [InlineData("mediaType", "7")]
    [InlineData("mediaType", "\"\"")]
    [InlineData("mediaType", "\"text\"")]
    [InlineData("mediaType", "\"text/plain; charset=utf-8\"")]
    [InlineData("mediaType", "\"a/b/c\"")]
    [InlineData("mediaType", "\"a b/c\"")]
    [InlineData("mediaType", "null")]
    [InlineData("digest", "\"sha256:../../x\"")]
    [InlineData("digest", "{}")]
    [InlineData("size", "-1")]
    [InlineData("size", "9223372036854775808")]
    [InlineData("size", "1.5")]
    [InlineData("size", "1e3")]
    [InlineData("size", "\"7\"")]
    [InlineData("size", "null")]
    [InlineData("size", "true")]
    [InlineData("urls", "\"https://example.com\"")]
    [InlineData("urls", "[1]")]
    [InlineData("urls", "[null]")]
    [InlineData("annotations", "{\"a\":1}")]
    [InlineData("annotations", "[]")]
    [InlineData("data", "\"***\"")]
    [InlineData("data", "1")]
    [InlineData("platform", "\"linux/amd64\"")]
    [InlineData("platform", "{\"os\":\"linux\"}")]
    [InlineData("platform", "{\"os\":\"linux\",\"architecture\":\"a/b\"}")]
    [InlineData("artifactType", "[]")]
    public void FromJson_MissingOrMalformedMember_ThrowsInvalidContent(string member, string? value)
    {
        JsonObject json = (JsonObject)JsonNode.Parse(Full)!;
        json.Remove(member);
        if (value is not null)
        {
            json[member] = JsonNode.Parse(value);
        }

        InvalidContentException error = Assert.Throws<InvalidContentException>(() => Descriptor.FromJson(json));
        Assert.NotEmpty(error.Reason);
        Assert.StartsWith("descriptor", error.Document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("4611686018427387904", 1L << 62)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void FromJson_HugeSize_IsKeptAndAllocatesNothing(string size, long expected)
    {
        JsonObject json = (JsonObject)JsonNode.Parse(Full)!;
        json["size"] = JsonNode.Parse(size);
        Assert.Equal(expected, Descriptor.FromJson(json).SizeBytes);
    }

    [Theory]
    [InlineData("urls")]
    [InlineData("annotations")]
    [InlineData("data")]
    [InlineData("platform")]
    [InlineData("artifactType")]
    public void FromJson_NullOptionalMember_IsAbsent(string member)
    {
        JsonObject json = (JsonObject)JsonNode.Parse(Full)!;
        json[member] = null;
        Descriptor descriptor = Descriptor.FromJson(json);
        Assert.False(descriptor.ToJson().ContainsKey(member));
    }

    [Fact]
    public void ToJson_EveryMember_ReadsBackAndSortsAnnotations()
    {
        Descriptor descriptor = Read(Full) with { Data = "hello"u8.ToArray() };
        JsonObject json = descriptor.ToJson();
        Descriptor again = Descriptor.FromJson(json);

        Assert.Equal(descriptor, again);
        Assert.Equal(descriptor.Urls, again.Urls);
        Assert.Equal(descriptor.Platform, again.Platform);
        Assert.Equal("aGVsbG8=", (string?)json["data"]);
        Assert.Equal("""{"a":"1","b":"2"}""", json["annotations"]!.ToJsonString());
    }

    [Fact]
    public void ToJson_OnlyRequiredMembers_WritesNoOthers()
    {
        JsonObject json = Descriptor.ForContent("text/plain", "abc"u8).ToJson();
        Assert.Equal(["mediaType", "digest", "size"], json.Select(member => member.Key));
    }

    [Fact] // expected: OCI image-spec 1.1, manifest.md, "Guidance for an Empty Descriptor"
    public void EmptyJson_Always_IsTheSpecifiedDescriptor()
    {
        Descriptor empty = Descriptor.EmptyJson;

        Assert.Equal("application/vnd.oci.empty.v1+json", empty.MediaType);
        Assert.Equal("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", empty.Digest.ToString());
        Assert.Equal(2, empty.SizeBytes);
        Assert.Equal("e30=", (string?)empty.ToJson()["data"]);
        Assert.True(empty.TryGetData(out ReadOnlyMemory<byte> data));
        Assert.Equal("{}", Encoding.UTF8.GetString(data.Span));
    }

    [Theory]
    [InlineData("abd")]
    [InlineData("ab")]
    [InlineData("abcd")]
    [InlineData("")]
    public void TryGetData_OtherBytesThanNamed_ReturnsFalse(string data)
    {
        Descriptor descriptor = Descriptor.ForContent("text/plain", "abc"u8) with { Data = Encoding.ASCII.GetBytes(data) };
        Assert.False(descriptor.TryGetData(out _));
    }

    [Fact]
    public void TryGetData_NoData_ReturnsFalse() => Assert.False(Descriptor.ForContent("text/plain", ""u8).TryGetData(out _));

    [Fact]
    public void TryGetData_Sha512_IsVerifiedBySha512()
    {
        Descriptor descriptor = new("text/plain", Digest.Compute("abc"u8, DigestAlgorithm.Sha512), 3) { Data = "abc"u8.ToArray() };
        Assert.True(descriptor.TryGetData(out _));
    }

    [Fact]
    public void Constructor_WrongArguments_Throws()
    {
        Digest digest = Digest.Compute([]);
        Assert.Throws<ArgumentException>(() => new Descriptor("text", digest, 0));
        Assert.Throws<ArgumentNullException>(() => new Descriptor(null!, digest, 0));
        Assert.Throws<ArgumentNullException>(() => new Descriptor("text/plain", null!, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Descriptor("text/plain", digest, -1));
    }

    [Fact]
    public void Equals_OtherDescription_IsTheSameContent()
    {
        Descriptor plain = Descriptor.ForContent("text/plain", "abc"u8);
        Descriptor described = plain with { Platform = Platform.LinuxArm64, Data = "abc"u8.ToArray(), Urls = ["https://example.com"] };

        Assert.Equal(plain, described);
        Assert.Equal(plain.GetHashCode(), described.GetHashCode());
        Assert.NotEqual(plain, Descriptor.ForContent("text/html", "abc"u8));
        Assert.NotEqual(plain, new("text/plain", plain.Digest, 4));
    }

    private static Descriptor Read(string json) => Descriptor.FromJson((JsonObject)JsonNode.Parse(json)!);
}

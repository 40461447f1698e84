using System.Text;

namespace DevOps.Oci.Tests;

public sealed class OciJsonTests
{
    private const string Manifest = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x",
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:b5b2b2c507a0944348e0303114d8d93aaaa081732b86451d9bce1f432a537bc7","size":7023},
        "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0","size":32654,
        "data":"aGVsbG8=","urls":["https://example.com"],"platform":{"os":"linux","architecture":"amd64"},"annotations":{"a":"b"}}],
        "subject":{"mediaType":"text/plain","digest":"sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270","size":1},"annotations":{"k":"v"},"x":{"y":[1,"z"]}}
        """;

    private const string Index = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":7143,
        "digest":"sha256:e692418e4cbaf90ca69d05a66403747baa33ee08806650b51fab815ad7fc331f","platform":{"architecture":"ppc64le","os":"linux","os.features":["x"]}}],"annotations":{"k":"v"}}
        """;

    [Fact]
    public void Manifest_DamagedInput_NothingButInvalidContent() =>
        JsonDamage.Check(Manifest, bytes => _ = ImageManifest.Parse(bytes).WithAnnotations([new("a", "b")]).ToString());

    [Fact]
    public void Index_DamagedInput_NothingButInvalidContent() => JsonDamage.Check(Index, bytes => _ = ImageIndex.Parse(bytes).Edit(tree => tree["a"] = 1));

    [Fact]
    public void Config_DamagedInput_NothingButInvalidContent() =>
        JsonDamage.Check(ImageConfigExamples.Specification, bytes => _ = ImageConfig.Parse(bytes).WithUser("1").WithLayer(Digest.Compute([]), new()));

    [Fact]
    public void Descriptor_DamagedInput_NothingButInvalidContent() =>
        JsonDamage.Check(
            """{"mediaType":"text/plain","digest":"sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270","size":1,"annotations":{"a":"b"},"platform":{"os":"a","architecture":"b"}}""",
            bytes => _ = Descriptor.FromJson(OciJson.ParseObject(bytes, "descriptor")).ToJson());

    [Theory] // each is JSON by its grammar, with a string that is no Unicode text
    [InlineData("{\"os\":\"\\ud800\",\"architecture\":\"amd64\",\"rootfs\":{}}")]
    [InlineData("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{},\"config\":{\"Env\":[\"A=\\udc00\"]}}")]
    [InlineData("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{},\"config\":{\"User\":\"\u00FF\"}}")]
    [InlineData("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{},\"config\":{\"\u00FF\":\"x\"}}")]
    public void Parse_StringThatIsNotText_ThrowsInvalidContent(string latin1) =>
        Assert.Throws<InvalidContentException>(() => ImageConfig.Parse(Encoding.Latin1.GetBytes(latin1)));

    [Fact]
    public void Edit_UnknownMemberThatIsNotText_ThrowsInvalidContentOrKeepsIt()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{},\"x\":[\"\u00FF\"]}");
        try
        {
            _ = ImageConfig.Parse(bytes).WithUser("1");
        }
        catch (InvalidContentException e)
        {
            Assert.NotEmpty(e.Reason);
        }
    }
}

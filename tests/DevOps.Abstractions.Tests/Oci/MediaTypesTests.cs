namespace DevOps.Oci.Tests;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar", true, false)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip", true, false)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+zstd", true, false)]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip", true, false)]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar", true, false)]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true, true)]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar", true, true)]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar", true, true)]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", true, true)]
    [InlineData("application/vnd.oci.image.config.v1+json", false, false)]
    [InlineData("application/octet-stream", false, false)]
    public void IsLayer_KnownTypes_FollowsTheSpecifications(string mediaType, bool layer, bool nonDistributable)
    {
        Assert.Equal(layer, MediaTypes.IsLayer(mediaType));
        Assert.Equal(nonDistributable, MediaTypes.IsNonDistributable(mediaType));
        Assert.False(MediaTypes.IsManifest(mediaType));
    }

    [Theory]
    [InlineData("application/vnd.oci.image.manifest.v1+json", true, false)]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json", true, false)]
    [InlineData("application/vnd.oci.image.index.v1+json", false, true)]
    [InlineData("application/vnd.docker.distribution.manifest.list.v2+json", false, true)]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws", false, false)]
    [InlineData("application/vnd.oci.image.manifest.v1+JSON", false, false)]
    public void IsManifest_KnownTypes_TellsImagesFromIndexes(string mediaType, bool image, bool index)
    {
        Assert.Equal(image, MediaTypes.IsImageManifest(mediaType));
        Assert.Equal(index, MediaTypes.IsImageIndex(mediaType));
        Assert.Equal(image || index, MediaTypes.IsManifest(mediaType));
    }

    [Theory] // expected: RFC 6838, section 4.2
    [InlineData("text/plain", true)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip", true)]
    [InlineData("a/b", true)]
    [InlineData("1/2", true)]
    [InlineData("a!#$&-^_.+/b!#$&-^_.+", true)]
    [InlineData("", false)]
    [InlineData("/", false)]
    [InlineData("a/", false)]
    [InlineData("/b", false)]
    [InlineData("a", false)]
    [InlineData("a/b/c", false)]
    [InlineData("a/b;c=d", false)]
    [InlineData("a /b", false)]
    [InlineData(".a/b", false)]
    [InlineData("a/+b", false)]
    [InlineData("a/b\n", false)]
    [InlineData("\u00E4/b", false)]
    public void IsWellFormed_Text_FollowsRfc6838(string mediaType, bool expected) => Assert.Equal(expected, MediaTypes.IsWellFormed(mediaType));

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public void IsWellFormed_LongName_IsBounded(int length, bool expected)
    {
        Assert.Equal(expected, MediaTypes.IsWellFormed("a/" + new string('b', length)));
        Assert.Equal(expected, MediaTypes.IsWellFormed(new string('b', length) + "/a"));
    }
}

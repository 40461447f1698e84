namespace DevOps.Registry.Server.Tests.Endpoints;

public sealed class RegistryRouteTests
{
    [Theory]
    [InlineData("", "Ping", null, "")]
    [InlineData("_catalog", "Catalog", null, "")]
    [InlineData("a/blobs/sha256:x", "Blob", "a", "sha256:x")]
    [InlineData("a/blobs/uploads/", "Uploads", "a", "")]
    [InlineData("a/blobs/uploads", "Uploads", "a", "")]
    [InlineData("a/b/blobs/uploads/1", "Upload", "a/b", "1")]
    [InlineData("a/blobs/blobs/uploads/1", "Upload", "a/blobs", "1")]
    [InlineData("a/blobs/uploads/manifests/uploads", "Manifest", "a/blobs/uploads", "uploads")]
    [InlineData("blobs/blobs/blobs", "Blob", "blobs", "blobs")]
    [InlineData("a/tags/list", "Tags", "a", "")]
    [InlineData("a/tags/list/tags/list", "Tags", "a/tags/list", "")]
    [InlineData("a/tags/manifests/list", "Manifest", "a/tags", "list")]
    [InlineData("a/referrers/x", "Referrers", "a", "x")]
    [InlineData("A/referrers/x", "Referrers", null, "x")]
    [InlineData("manifests/x", "Manifest", null, "x")]
    [InlineData("x", "Unknown", null, "")]
    [InlineData("a/b", "Unknown", null, "")]
    public void Parse_Path_IsTakenApartFromItsEnd(string path, string resource, string? repository, string item)
    {
        RegistryRoute route = RegistryRoute.Parse(path);
        Assert.Equal((resource, repository, item), (route.Resource.ToString(), route.Repository?.Value, route.Item));
    }
}

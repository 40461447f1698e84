using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>What a path below <c>/v2/</c> asks for.</summary>
internal enum RegistryResource
{
    Unknown,
    Ping,
    Catalog,
    Blob,
    Uploads,
    Upload,
    Manifest,
    Tags,
    Referrers,
}

/// <summary>A path below <c>/v2/</c>, taken apart from its end, because repository names have slashes and may contain any of the words.</summary>
internal sealed record RegistryRoute(RegistryResource Resource, RepositoryName? Repository, string Item)
{
    /// <summary>The name under which routing keeps the path.</summary>
    internal const string PathName = "path";

    internal static RegistryRoute Parse(string path)
    {
        string[] parts = path.Split('/');
        return parts switch
        {
            [""] => new(RegistryResource.Ping, null, ""),
            ["_catalog"] => new(RegistryResource.Catalog, null, ""),
            [.. var name, "blobs", "uploads", ""] => For(RegistryResource.Uploads, name, ""),
            [.. var name, "blobs", "uploads"] => For(RegistryResource.Uploads, name, ""),
            [.. var name, "blobs", "uploads", var id] => For(RegistryResource.Upload, name, id),
            [.. var name, "blobs", var digest] => For(RegistryResource.Blob, name, digest),
            [.. var name, "manifests", var reference] => For(RegistryResource.Manifest, name, reference),
            [.. var name, "tags", "list"] => For(RegistryResource.Tags, name, ""),
            [.. var name, "referrers", var digest] => For(RegistryResource.Referrers, name, digest),
            _ => new(RegistryResource.Unknown, null, ""),
        };
    }

    private static RegistryRoute For(RegistryResource resource, string[] name, string item) =>
        new(resource, RepositoryName.TryParse(string.Join('/', name), out RepositoryName? repository) ? repository : null, item);
}

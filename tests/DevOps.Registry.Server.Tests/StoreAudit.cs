using DevOps.Oci;

namespace DevOps.Registry.Server.Tests;

/// <summary>Reads a registry's folder by itself, without the server, and fails on whatever lies: a blob that is not what its name says, a manifest that points into the void, a tag of nothing.</summary>
internal static class StoreAudit
{
    /// <summary>Checks everything, and returns the digest of each tag as <c>repository:tag</c>.</summary>
    internal static async Task<Dictionary<string, Digest>> CheckAsync(string directory, CancellationToken cancellationToken)
    {
        Dictionary<Digest, string> blobs = await CheckBlobsAsync(directory, cancellationToken);
        Dictionary<string, Digest> tags = [];
        string repositories = Path.Combine(directory, "repositories");
        foreach (string manifests in Folders(repositories, "_manifests"))
        {
            string repository = Path.GetDirectoryName(manifests)!;
            Dictionary<Digest, string> marks = Marks(manifests);
            Dictionary<Digest, string> held = Marks(Path.Combine(repository, "_blobs"));
            foreach ((Digest digest, string mark) in marks)
            {
                Assert.True(blobs.ContainsKey(digest), $"{mark} is a manifest without content.");
                ManifestDocument manifest = ManifestDocument.Parse(await File.ReadAllBytesAsync(blobs[digest], cancellationToken), await File.ReadAllTextAsync(mark, cancellationToken));
                foreach (Descriptor child in manifest.Children.Where(child => !MediaTypes.IsNonDistributable(child.MediaType)))
                {
                    Assert.True(blobs.ContainsKey(child.Digest) && (held.ContainsKey(child.Digest) || marks.ContainsKey(child.Digest)), $"{mark} names {child.Digest}, which is not there.");
                    Assert.Equal(child.SizeBytes, new FileInfo(blobs[child.Digest]).Length);
                }
            }

            foreach (string tag in Files(Path.Combine(repository, "_tags")))
            {
                Digest digest = Digest.Parse(await File.ReadAllTextAsync(tag, cancellationToken));
                Assert.True(marks.ContainsKey(digest), $"{tag} names {digest}, which is not there.");
                tags.Add($"{Path.GetRelativePath(repositories, repository)}:{Path.GetFileName(tag)}", digest);
            }
        }

        foreach (string held in Folders(repositories, "_blobs"))
        {
            Assert.All(Marks(held), mark => Assert.True(blobs.ContainsKey(mark.Key), $"{mark.Value} is a blob without content."));
        }

        return tags;
    }

    private static async Task<Dictionary<Digest, string>> CheckBlobsAsync(string directory, CancellationToken cancellationToken)
    {
        Dictionary<Digest, string> blobs = [];
        foreach (string folder in Folders(Path.Combine(directory, "blobs"), "??"))
        {
            foreach (string file in Files(folder))
            {
                Digest digest = Digest.Parse($"{Path.GetFileName(Path.GetDirectoryName(folder))}:{Path.GetFileName(file)}");
                Assert.Equal(digest, Digest.Compute(await File.ReadAllBytesAsync(file, cancellationToken), digest.Algorithm));
                blobs.Add(digest, file);
            }
        }

        return blobs;
    }

    private static Dictionary<Digest, string> Marks(string folder) => Folders(folder, "sha*")
        .SelectMany(algorithm => Files(algorithm).Select(file => (Digest: Digest.Parse($"{Path.GetFileName(algorithm)}:{Path.GetFileName(file)}"), File: file)))
        .ToDictionary(mark => mark.Digest, mark => mark.File);

    private static IEnumerable<string> Folders(string folder, string name) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, name, SearchOption.AllDirectories) : [];

    // Files with a dot are locks, and what a broken write leaves: nobody is shown them.
    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file)[0] != '.') : [];
}

using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What the entries of an index are called: by a tag, by a whole reference, or by their digest.</summary>
/// <remarks>
/// skopeo lets a tag be a whole reference; docker, buildx and containerd add the whole reference beside the tag. Source: OCI image-spec 1.1, annotations.md.
/// </remarks>
internal static class ListedName
{
    internal const string Containerd = "io.containerd.image.name";

    internal static string? TagOf(Descriptor entry) => entry.Annotations.GetValueOrDefault(OciLayout.RefName);

    internal static ImageReference? ReferenceOf(Descriptor entry) =>
        ImageReference.TryParse(entry.Annotations.GetValueOrDefault(Containerd), out ImageReference? reference) ? reference : null;

    /// <summary>Finds what a name stands for, or returns <see langword="null"/>.</summary>
    /// <exception cref="DevOpsException">It stands for several contents.</exception>
    internal static Descriptor? Find(IReadOnlyCollection<Descriptor> entries, string name, string origin)
    {
        Descriptor[] named = EntriesOf(entries, name);
        Digest[] digests = [.. named.Select(entry => entry.Digest).Distinct()];
        return digests.Length < 2
            ? named.FirstOrDefault() ?? entries.FirstOrDefault(entry => entry.Digest.ToString() == name)
            : throw new DevOpsException($"'{name}' stands for {digests.Length} contents in {origin}: {string.Join(", ", digests.Take(8).Select(digest => digest.ToString()))}. Give a whole reference or a digest.");
    }

    /// <summary>Returns all entries of a tag; if there are none, those of a whole reference.</summary>
    internal static Descriptor[] EntriesOf(IReadOnlyCollection<Descriptor> entries, string name)
    {
        Descriptor[] tagged = [.. entries.Where(entry => TagOf(entry) == name)];
        return tagged.Length > 0 || WholeOf(name) is not { } whole ? tagged : [.. entries.Where(entry => ReferenceOf(entry) == whole || WholeOf(TagOf(entry)) == whole)];
    }

    /// <summary>Reads a whole reference. What can be a tag is one, and so is no reference.</summary>
    internal static ImageReference? WholeOf(string? name) =>
        name is null || ImageReference.IsTag(name) || !ImageReference.TryParse(name, out ImageReference? reference) ? null
        : reference.Tag is null && reference.Digest is null ? reference.WithTag(ImageReference.DefaultTag) : reference;
}

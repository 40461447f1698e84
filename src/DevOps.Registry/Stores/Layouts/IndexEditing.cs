using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Changes of a layout's index that keep everything else in it, also what is not known here.</summary>
internal static class IndexEditing
{
    /// <summary>Lets a tag name a manifest.</summary>
    internal static ImageIndex WithTag(this ImageIndex index, Descriptor manifest, string tag)
    {
        // A whole reference of another tag would contradict the tag.
        Descriptor tagged = manifest with { Annotations = manifest.Annotations.SetItem(OciLayout.RefName, tag) };
        if (ListedName.ReferenceOf(tagged)?.Tag != tag)
        {
            tagged = tagged with { Annotations = tagged.Annotations.Remove(ListedName.Containerd) };
        }

        return index.Edit(tree =>
        {
            JsonArray list = (JsonArray)tree["manifests"]!;
            bool isListed = false;
            foreach ((JsonObject node, Descriptor listed) in Entries(list))
            {
                bool isNamed = ListedName.TagOf(listed) == tag;
                bool hasReference = ListedName.ReferenceOf(listed) is not null;
                if (isNamed && hasReference && listed.Digest == tagged.Digest)
                {
                    isListed = true;
                }
                else if (isNamed && hasReference)
                {
                    // Another image with a name of its own, as 'docker save a:latest b:latest' writes them: it gives up the tag and stays.
                    ((JsonObject)node["annotations"]!).Remove(OciLayout.RefName);
                }
                else if (isNamed || (ListedName.TagOf(listed) is null && !hasReference && listed.Digest == tagged.Digest))
                {
                    // A manifest that gets a tag needs no line without one.
                    list.Remove(node);
                }
            }

            if (!isListed)
            {
                list.Add((JsonNode)tagged.ToJson());
            }
        });
    }

    /// <summary>Lists a manifest without a tag, if it is not listed.</summary>
    internal static ImageIndex WithRoot(this ImageIndex index, Descriptor root) => index.Manifests.Any(listed => listed.Digest == root.Digest)
        ? index
        : index.Edit(tree => ((JsonArray)tree["manifests"]!).Add((JsonNode)(root with { Annotations = root.Annotations.Remove(OciLayout.RefName) }).ToJson()));

    /// <summary>Removes entries.</summary>
    internal static ImageIndex Without(this ImageIndex index, Func<Descriptor, bool> isUnwanted) => !index.Manifests.Any(isUnwanted)
        ? index
        : index.Edit(tree =>
        {
            JsonArray list = (JsonArray)tree["manifests"]!;
            foreach ((JsonObject node, Descriptor listed) in Entries(list))
            {
                if (isUnwanted(listed))
                {
                    list.Remove(node);
                }
            }
        });

    private static (JsonObject Node, Descriptor Listed)[] Entries(JsonArray list) => [.. list.Select(node => ((JsonObject)node!, Descriptor.FromJson((JsonObject)node!)))];
}

using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Puts base, layers and edits together into the documents of an image.</summary>
internal static class ImageAssembly
{
    internal static BuiltImage Assemble(ImageDescription description, ResolvedBase found, ImmutableArray<BuiltLayer> layers, LayerFolder folder)
    {
        ImageConfig config = found.Config.WithCreated(description.Created);
        foreach (BuiltLayer layer in layers)
        {
            config = config.WithLayer(layer.DiffId, new() { Created = description.Created, CreatedBy = layer.Description });
        }

        config = description.Entrypoint is { } entrypoint ? config.WithEntrypoint(entrypoint) : config;
        config = description.Cmd is { } cmd ? config.WithCmd(cmd) : config;
        foreach (Func<ImageConfig, ImageConfig> edit in description.Edits)
        {
            config = edit(config) ?? throw new InvalidOperationException("A function given to WithConfig returned no configuration.");
        }

        Descriptor configDescriptor = Descriptor.ForContent(found.IsDocker ? MediaTypes.DockerConfig : MediaTypes.ImageConfig, config.RawBytes.Span);
        ImageManifest manifest = ImageManifest.Create(configDescriptor, [.. found.Layers, .. layers.Select(layer => layer.Descriptor)]);
        if (found.IsDocker)
        {
            manifest = manifest.Edit(tree => tree["mediaType"] = MediaTypes.DockerManifest);
        }

        ImmutableSortedDictionary<string, string> annotations = WithBase(description.Annotations, found);
        manifest = annotations.IsEmpty ? manifest : manifest.WithAnnotations(annotations);
        return new(manifest, config, layers, found, folder);
    }

    private static ImmutableSortedDictionary<string, string> WithBase(ImmutableSortedDictionary<string, string> annotations, ResolvedBase found)
    {
        if (found.Manifest is { } manifest && !annotations.ContainsKey(ImageAnnotations.BaseDigest))
        {
            annotations = annotations.Add(ImageAnnotations.BaseDigest, manifest.Digest.ToString());
        }

        return found.Reference is { Digest: null } reference && !annotations.ContainsKey(ImageAnnotations.BaseName)
            ? annotations.Add(ImageAnnotations.BaseName, reference.WithTag(reference.Tag ?? ImageReference.DefaultTag).ToString())
            : annotations;
    }
}

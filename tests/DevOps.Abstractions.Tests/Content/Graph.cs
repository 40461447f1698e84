using System.Collections.Immutable;
using System.Text;
using DevOps.Oci;
using DevOps.Testing.Content;

namespace DevOps.Content.Tests;

/// <summary>Images that tests copy.</summary>
internal sealed record Graph(Descriptor Root, Descriptor Config, ImmutableArray<Descriptor> Layers)
{
    internal static Graph Image(TestStore store, int layers, string name = "image") =>
        Of(store, name, [.. Enumerable.Range(0, layers).Select(i => store.Add(MediaTypes.LayerGzip, Encoding.UTF8.GetBytes($"{name}, layer {i}")))]);

    internal static Graph Of(TestStore store, string name, ImmutableArray<Descriptor> layers)
    {
        Descriptor config = store.Add(MediaTypes.ImageConfig, Encoding.UTF8.GetBytes($"{{\"name\":\"{name}\"}}"));
        return new(store.Add(ImageManifest.Create(config, layers)), config, layers);
    }
}

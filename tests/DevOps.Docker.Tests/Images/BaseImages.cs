using System.Text;
using DevOps.Oci;
using DevOps.Testing.Content;

namespace DevOps.Docker.Tests;

/// <summary>Puts base images into a store.</summary>
internal static class BaseImages
{
    internal static Descriptor Add(TestStore store, Platform platform, bool docker = false, string name = "base")
    {
        byte[] blob = Encoding.UTF8.GetBytes($"{name} {platform}");
        Descriptor layer = store.Add(docker ? MediaTypes.DockerLayerGzip : MediaTypes.LayerGzip, blob);
        ImageConfig config = ImageConfig.ForPlatform(platform)
            .WithLayer(Digest.Compute(blob), new() { CreatedBy = "base layer" })
            .WithEntrypoint("/bin/sh").WithCmd("-c", "old").WithEnv("PATH", "/bin").WithLabel("base", "yes")
            .Edit(tree => tree["config"]!["Healthcheck"] = new System.Text.Json.Nodes.JsonObject { ["Interval"] = 30_000_000_000 });
        Descriptor configDescriptor = store.Add(docker ? MediaTypes.DockerConfig : MediaTypes.ImageConfig, config.RawBytes.ToArray());
        ImageManifest manifest = ImageManifest.Create(configDescriptor, layer);
        manifest = docker ? manifest.Edit(tree => tree["mediaType"] = MediaTypes.DockerManifest) : manifest;
        return store.Add(manifest);
    }
}

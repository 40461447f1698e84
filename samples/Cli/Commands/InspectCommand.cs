using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>inspect SOURCE</c>: what an image or an index is made of.</summary>
internal static class InspectCommand
{
    internal const string Usage = "inspect SOURCE [--insecure HOST[:PORT]]...";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, [Shared.Insecure], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        Location from = Location.Parse(arguments.Values("SOURCE")[0]);
        using RegistryClient registry = Shared.Registry(arguments);
        SourceLocation source = await SourceLocation.OpenAsync(from, registry, cancellationToken);
        ManifestDocument manifest = await source.Source.ReadManifestAsync(source.Root, cancellationToken);
        List<string> lines = [$"{source.Root.Digest} {source.Root.MediaType} {Output.Bytes(source.Root.SizeBytes)}"];
        lines.AddRange(manifest.Children.Select(Line));
        output.Result(
            new()
            {
                ["digest"] = source.Root.Digest.ToString(),
                ["mediaType"] = source.Root.MediaType,
                ["size"] = source.Root.SizeBytes,
                ["artifactType"] = manifest.ArtifactType,
                ["subject"] = manifest.Subject?.Digest.ToString(),
                ["children"] = new JsonArray([.. manifest.Children.Select(child => (JsonNode)child.ToJson())]),
            },
            string.Join(Environment.NewLine, lines));
        return 0;
    }

    internal static string Line(Descriptor descriptor) => Output.Printable(
        $"  {descriptor.Digest} {descriptor.MediaType} {Output.Bytes(descriptor.SizeBytes)}{(descriptor.Platform is { } platform ? $" {platform}" : "")}{(descriptor.ArtifactType is { } type ? $" {type}" : "")}");
}

using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>inspect SOURCE</c>: what an image, an index or an artifact is made of.</summary>
internal static class InspectCommand
{
    private const string PlatformOption = "--platform";
    private const string History = "--history";
    private const string Raw = "--raw";

    internal static Command Command { get; } = new(
        "inspect",
        "SOURCE",
        "Shows what an image, an index or an artifact is made of",
        [
            new(PlatformOption, "OS/ARCH[/VARIANT]", "shows this image of an index"),
            new(History, null, "shows the steps that made the image"),
            new(Raw, null, "prints the manifest's bytes as they are stored, and nothing else"),
            Option.Insecure,
        ],
        RunAsync)
    {
        Notes = [Location.SourceHelp],
        Examples = ["inspect ghcr.io/team/api:1.4", "inspect ghcr.io/team/api:1.4 --platform linux/arm64 --history", "inspect oci:layout:1.4 --raw"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        Location from = Location.Parse(arguments.Values("SOURCE")[0]);
        if (arguments.Has(Raw) && (output.IsJson || arguments.Has(History)))
        {
            throw new UsageException($"'{Raw}' prints the manifest and nothing else: leave '{(output.IsJson ? Option.Json.Name : History)}' away.");
        }

        Platform? platform = arguments.Find(PlatformOption) is { } text ? Shared.Platform(text) : null;
        using RegistryClient registry = Shared.Registry(arguments);
        SourceLocation source = await SourceLocation.OpenAsync(from, registry, cancellationToken);
        ManifestDocument manifest = await source.Source.ReadManifestAsync(source.Root, cancellationToken);
        if (platform is not null && manifest is ImageIndex index)
        {
            Descriptor chosen = index.FindManifest(platform)
                ?? throw new DevOpsException($"{source.Root.Digest} holds no image for {platform}. It has {string.Join(", ", index.Manifests.Select(child => child.Platform).OfType<Platform>().Select(held => held.ToString()).Distinct())}.");
            manifest = await source.Source.ReadManifestAsync(chosen, cancellationToken);
        }

        if (arguments.Has(Raw))
        {
            await using Stream stdout = Console.OpenStandardOutput();
            await stdout.WriteAsync(manifest.RawBytes, cancellationToken);
            return 0;
        }

        ImageConfig? config = manifest is ImageManifest image && image.Config.MediaType is MediaTypes.ImageConfig or MediaTypes.DockerConfig
            ? await source.Source.ReadConfigAsync(((ImageManifest)manifest).Config, cancellationToken)
            : null;
        if (platform is not null && manifest is not ImageIndex && config is not null && !platform.Accepts(config.Platform))
        {
            throw new DevOpsException($"{manifest.Digest} is an image for {config.Platform} and not for {platform}.");
        }

        output.Result(Inspection.ToJson(manifest, config), string.Join(Environment.NewLine, Inspection.ToLines(manifest, config, arguments.Has(History)).Select(Output.Printable)));
        return 0;
    }
}

using System.Text.Json.Nodes;
using DevOps.Archives.Directories;
using DevOps.Docker;
using DevOps.Registry;

namespace Cli;

/// <summary><c>image build DIR --base SOURCE --target TARGET</c>: a directory becomes a layer on top of a base.</summary>
internal static class ImageBuildCommand
{
    internal static Command Command { get; } = new(
        "image build",
        "DIR --base SOURCE --target TARGET",
        "Makes an image of a directory, on top of a base",
        [
            new("--base", "SOURCE|scratch", "the image below; scratch is none"),
            new("--target", "TARGET", "where the image goes"),
            new("--platform", "OS/ARCH[/VARIANT]", "which image of a base for several platforms; the platform of an image on scratch"),
            new("--entrypoint", "WORD", "the program that runs, word by word") { Repeats = true },
            new("--cmd", "WORD", "its arguments, word by word") { Repeats = true },
            new("--env", "NAME=VALUE", "a variable") { Repeats = true },
            new("--name", "REFERENCE", "the name that an archive gives the image, as docker load shows it"),
            new("--delete", "PATH", "a path of the base that goes away") { Repeats = true },
            new("--base-links", "refuse|replace", "what becomes of the base's symbolic links that the directory would replace"),
            .. Packing.All,
            .. Shared.PackedDirectory,
            Option.Insecure,
            Option.Progress,
        ],
        RunAsync)
    {
        Notes = [Location.Help, "A layer is sent while it is made, and again each time; with --cache, what did not change is sent only where it is missing."],
        Examples = ["image build ./publish --base scratch --target oci:image:1.0", "image build ./publish --base mcr.microsoft.com/dotnet/runtime:10.0 --target ghcr.io/team/api:1.0 --root /app --entrypoint /app/api"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        string directory = arguments.Values("DIR")[0];
        Location target = Location.Parse(arguments.Require("--target"));
        Location? @base = arguments.Require("--base") is var text && text == "scratch" ? null : Location.Parse(text);
        using RegistryClient registry = Shared.Registry(arguments);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                File.Exists(directory) ? $"'{directory}' is a file, not a directory. Name the directory that holds it." : $"The directory '{directory}' does not exist. Check the path.");
        }

        if ((target as Location.Layout)?.Path is { } layout && RealPath.IsInside(layout, directory) || (target as Location.Archive)?.Path is { } archive && RealPath.IsInside(archive, directory))
        {
            throw new UsageException($"'{arguments.Require("--target")}' is inside '{directory}' and would be packed into itself. Write it elsewhere.");
        }

        ImageBuildOptions options = new()
        {
            Layers = Packing.Options(arguments, directory),
            BaseLinks = arguments.Find("--base-links") switch
            {
                null or "refuse" => BaseLinks.Refuse,
                "replace" => BaseLinks.Replace,
                var other => throw new UsageException($"'{other}' is nothing to do with the base's symbolic links: use refuse or replace."),
            },
        };
        ImageBuilder builder = Edit(await StartAsync(@base, registry, cancellationToken), arguments);
        builder = arguments.All("--delete") is { Count: > 0 } deleted ? builder.WithLayer(Deletions(deleted)) : builder;
        builder = builder.WithLayer(Layer.FromDirectory(directory, Shared.Directory(arguments)));
        StoredImage image = await TargetLocation.BuildAsync(builder, options, Shared.Name(arguments), target, registry, output, cancellationToken);
        JsonObject? cache = Caching.Result(image.Layers, output);
        output.Result(
            new(cache is null ? [] : [new("cache", cache)])
            {
                ["digest"] = image.Digest.ToString(),
                ["imageId"] = image.ImageId.ToString(),
                ["layers"] = new JsonArray([.. image.Manifest.Layers.Select(layer => (JsonNode)layer.ToJson())]),
                ["copied"] = image.Copy.Copied.Length,
                ["copiedBytes"] = image.Copy.CopiedBytes,
            },
            $"{image.Digest}");
        return 0;
    }

    private static async Task<ImageBuilder> StartAsync(Location? location, RegistryClient registry, CancellationToken cancellationToken)
    {
        switch (location)
        {
            case null:
                return ImageBuilder.Scratch;
            case Location.Remote remote:
                return ImageBuilder.From(remote.Reference);
            default:
                SourceLocation source = await SourceLocation.OpenAsync(location, registry, cancellationToken);
                return ImageBuilder.From(source.Source, source.Root);
        }
    }

    private static Layer Deletions(IReadOnlyList<string> paths)
    {
        try
        {
            // Only what goes away is of this layer: the directories above keep the base's modes.
            return Layer.FromEntries("deletions", paths.Select(LayerEntry.Whiteout), new() { ImplicitParents = ImplicitParents.Omit });
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static ImageBuilder Edit(ImageBuilder builder, Arguments arguments)
    {
        if (arguments.Find("--platform") is { } text)
        {
            builder = builder.WithPlatform(Shared.Platform(text));
        }

        if (arguments.All("--entrypoint") is { Count: > 0 } entrypoint)
        {
            builder = builder.WithEntrypoint([.. entrypoint]);
        }

        if (arguments.All("--cmd") is { Count: > 0 } cmd)
        {
            builder = builder.WithCmd([.. cmd]);
        }

        foreach (string pair in arguments.All("--env"))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            builder = equals > 0 ? builder.WithEnv(pair[..equals], pair[(equals + 1)..]) : throw new UsageException($"'{pair}' is not a variable: write NAME=VALUE.");
        }

        return builder;
    }
}

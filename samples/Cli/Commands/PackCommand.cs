using System.Diagnostics;
using System.Text.Json.Nodes;
using DevOps.Docker;

namespace Cli;

/// <summary><c>pack DIR -o FILE</c>: a directory becomes a layer.</summary>
internal static class PackCommand
{
    internal static Command Command { get; } = new(
        "pack", "DIR -o FILE", "Packs a directory into a layer", [new("-o", "FILE", "the layer's file"), .. Packing.All, .. Shared.PackedDirectory, Option.Progress], RunAsync)
    {
        Examples = ["pack ./publish -o layer.tar.gz", "pack ./publish -o layer.tar.gz --root /app --cache ~/.cache/layers"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        string directory = arguments.Values("DIR")[0];
        string target = arguments.Require("-o");
        LayerOptions options = Packing.Options(arguments, directory);
        if (target == "-" || RealPath.IsInside(target, directory))
        {
            throw new UsageException(target == "-" ? "A layer is written to a file: give -o a name." : $"'{target}' is inside '{directory}' and would be packed into itself. Write it elsewhere.");
        }

        Layer layer = Layer.FromDirectory(directory, Shared.Directory(arguments));

        Stopwatch clock = Stopwatch.StartNew();
        BuiltLayer built;
        using (TransferProgress progress = new(output))
        {
            built = await layer.BuildToFileAsync(target, options, progress, cancellationToken);
        }

        JsonObject? cache = Caching.Result([built], output);
        output.Result(
            new(cache is null ? [] : [new("cache", cache)])
            {
                ["digest"] = built.Descriptor.Digest.ToString(),
                ["diffId"] = built.DiffId.ToString(),
                ["size"] = built.Descriptor.SizeBytes,
                ["uncompressedSize"] = built.UncompressedSizeBytes,
                ["entries"] = built.MemberCount,
                ["seconds"] = JsonValue.Create(Math.Round(clock.Elapsed.TotalSeconds, 3)),
            },
            $"{target}: {built.MemberCount} entries, {Output.Bytes(built.UncompressedSizeBytes)} packed into {Output.Bytes(built.Descriptor.SizeBytes)}\ndigest {built.Descriptor.Digest}\ndiffID {built.DiffId}");
        return 0;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Docker;

namespace Cli;

/// <summary><c>pack DIR -o FILE</c>: a directory becomes a layer.</summary>
internal static class PackCommand
{
    internal const string Usage = "pack DIR -o FILE [--level fast|default|small|store] [--format gzip|tar] [--threads N] " + Shared.CacheUsage + " " + Shared.DirectoryUsage;

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["-o", "--level", "--format", "--threads", .. Shared.CacheWords, .. Shared.DirectoryWords], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        string directory = arguments.Values("DIR")[0];
        string target = arguments.Require("-o");
        LayerOptions options = new() { Compression = Compression(arguments), Pool = Pool(arguments), Cache = Shared.Cache(arguments, directory) };
        if (target == "-" || Shared.IsInside(target, directory))
        {
            throw new UsageException(target == "-" ? "A layer is written to a file: give -o a name." : $"'{target}' is inside '{directory}' and would be packed into itself. Write it elsewhere.");
        }

        Layer layer = Layer.FromDirectory(directory, Shared.Directory(arguments));

        Stopwatch clock = Stopwatch.StartNew();
        BuiltLayer built = await layer.BuildToFileAsync(target, options, null, cancellationToken);
        JsonObject? cache = Shared.CacheResult([built], output);
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

    private static PackCompression Compression(Arguments arguments)
    {
        string? level = arguments.Find("--level");
        return arguments.Find("--format") switch
        {
            null or "gzip" => PackCompression.Gzip(level switch
            {
                null or "default" => DeflateLevel.Default,
                "fast" => DeflateLevel.Fast,
                "small" => DeflateLevel.Small,
                "store" => DeflateLevel.Store,
                _ => throw new UsageException($"'{level}' is not a level: use fast, default, small or store."),
            }),
            "tar" when level is null => PackCompression.None,
            "tar" => throw new UsageException("--level is for gzip: a tar is not compressed."),
            var other => throw new UsageException($"'{other}' is not a format: use gzip or tar."),
        };
    }

    private static CompressionPool Pool(Arguments arguments)
    {
        if (arguments.Find("--threads") is not { } text)
        {
            return CompressionPool.Shared;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int workers) && workers is > 0 and <= 1024
            ? new(workers)
            : throw new UsageException($"'{text}' is not a number of threads: use 1 to 1024.");
    }
}

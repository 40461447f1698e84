using System.Globalization;
using DevOps.Archives.Compression;
using DevOps.Archives.Packing;
using DevOps.Docker;

namespace Cli;

/// <summary>Options of commands that make layers.</summary>
internal static class Packing
{
    private const string Level = "--level";
    private const string Format = "--format";
    private const string Threads = "--threads";

    internal static Option[] All { get; } =
    [
        new(Level, "fast|default|small|store", "how hard it is compressed"),
        new(Format, "gzip|tar", "whether it is compressed"),
        new(Threads, "N", "how many processors it may use; all by default"),
        .. Caching.Options,
    ];

    internal static LayerOptions Options(Arguments arguments, string directory) =>
        new() { Compression = Compression(arguments), Pool = Pool(arguments), Cache = Caching.Open(arguments, directory) };

    private static PackCompression Compression(Arguments arguments)
    {
        string? level = arguments.Find(Level);
        return arguments.Find(Format) switch
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
        if (arguments.Find(Threads) is not { } text)
        {
            return CompressionPool.Shared;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int workers) && workers is > 0 and <= 1024
            ? new(workers)
            : throw new UsageException($"'{text}' is not a number of threads: use 1 to 1024.");
    }
}

using System.Text.Json.Nodes;
using DevOps.Archives.Caching;
using DevOps.Docker;

namespace Cli;

/// <summary>Options of commands that can find layers again.</summary>
internal static class Caching
{
    private const string Folder = "--cache";
    private const string Lookup = "--cache-lookup";

    internal static Option[] Options { get; } =
    [
        new(Folder, "DIR", "keeps what was packed in a folder, which may be removed at any time; a file that it gives out is read-only and one with its own"),
        new(Lookup, "status|content", "how a tree is found again: by the times and sizes of its files, or by what they hold, for fresh checkouts"),
    ];

    internal static PackCache? Open(Arguments arguments, string packed)
    {
        CacheLookup lookup = arguments.Find(Lookup) switch
        {
            null or "status" => CacheLookup.Status,
            "content" => CacheLookup.StatusThenContent,
            var other => throw new UsageException($"'{other}' is not a way to look a layer up: use status or content."),
        };
        return arguments.Find(Folder) is not { } directory ? arguments.Find(Lookup) is null ? null : throw new UsageException($"{Lookup} says how a cache is asked: name one with {Folder} DIR.")
            : RealPath.IsInside(directory, packed) ? throw new UsageException($"The cache '{directory}' is inside '{packed}' and would be packed. Put it elsewhere.")
            : PackCache.Open(directory, new() { Lookup = lookup });
    }

    /// <summary>Says what the cache did, and what was wrong with it.</summary>
    internal static JsonObject? Result(IEnumerable<BuiltLayer> layers, Output output)
    {
        CacheUse[] uses = [.. layers.Select(layer => layer.Cache).OfType<CacheUse>()];
        if (uses.Length == 0)
        {
            return null;
        }

        string? warning = uses.Select(use => use.Warning).FirstOrDefault(text => text is not null);
        if (warning is not null)
        {
            output.Progress($"warning: {warning}");
        }

        return new()
        {
            ["found"] = uses.Count(use => use.Outcome != CacheOutcome.Packed),
            ["packed"] = uses.Count(use => use.Outcome == CacheOutcome.Packed),
            ["reusedSegments"] = uses.Sum(use => use.ReusedSegments),
            ["compressedSegments"] = uses.Sum(use => use.CompressedSegments),
            ["warning"] = warning,
        };
    }
}

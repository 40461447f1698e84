using System.Text.Json.Nodes;
using DevOps.Archives.Compression;
using DevOps.Archives.Extraction;

namespace Cli;

/// <summary><c>unpack FILE DIR</c>: an archive, compressed with gzip or not, becomes a directory.</summary>
internal static class UnpackCommand
{
    internal static Command Command { get; } = new("unpack", "FILE DIR", "Extracts an archive, compressed with gzip or not, into a directory and never outside it", [], RunAsync)
    {
        Examples = ["unpack layer.tar.gz ./tree"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        string[] values = arguments.Values("FILE", "DIR");
        await using Stream archive = await ArchiveFile.OpenReadAsync(values[0], cancellationToken);
        TarExtractResult result = await TarExtraction.ExtractAsync(archive, values[1], cancellationToken: cancellationToken);
        foreach (string name in result.Skipped)
        {
            output.Progress($"skipped  {Output.Printable(name)}: a device, a pipe or something unknown");
        }

        output.Result(
            new() { ["entries"] = result.EntryCount, ["bytes"] = result.Bytes, ["skipped"] = new JsonArray([.. result.Skipped.Select(name => (JsonNode?)JsonValue.Create(name))]) },
            $"{values[1]}: {result.EntryCount} entries, {Output.Bytes(result.Bytes)}");
        return 0;
    }
}

using System.Text.Json.Nodes;
using DevOps.Archives.Compression;
using DevOps.Archives.Extraction;

namespace Cli;

/// <summary><c>unpack FILE DIR</c>: an archive, compressed with gzip or not, becomes a directory.</summary>
internal static class UnpackCommand
{
    internal const string Usage = "unpack FILE DIR";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, [], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
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

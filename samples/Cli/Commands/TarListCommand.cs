using System.Globalization;
using System.Text.Json.Nodes;
using DevOps.Archives.Compression;
using DevOps.Archives.Tar;

namespace Cli;

/// <summary><c>tar list FILE</c>: what an archive, compressed with gzip or not, holds.</summary>
internal static class TarListCommand
{
    internal const string Usage = "tar list FILE";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, [], ["--json"]);
        bool isJson = arguments.Has("--json");
        Output output = outputFor(isJson);
        await using Stream archive = await ArchiveFile.OpenReadAsync(arguments.Values("FILE")[0], cancellationToken);
        TarArchiveReader reader = new(archive);
        JsonArray entries = [];
        while (await reader.ReadNextAsync(cancellationToken) is { } entry)
        {
            if (isJson)
            {
                entries.Add((JsonNode)Describe(entry));
            }
            else
            {
                string target = entry.LinkTarget is { } link ? $" -> {Output.Printable(link)}" : "";
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Letter(entry.Kind)}{Convert.ToString(entry.Mode, 8),5} {entry.OwnerId}:{entry.GroupId} {entry.LengthBytes,12} {entry.ModifiedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} {Output.Printable(entry.Name)}{target}"));
            }
        }

        if (isJson)
        {
            output.Result(new() { ["entries"] = entries }, "");
        }

        return 0;
    }

    private static JsonObject Describe(TarArchiveEntry entry) => new()
    {
        ["name"] = entry.Name,
        ["kind"] = entry.Kind.ToString(),
        ["mode"] = Convert.ToString(entry.Mode, 8),
        ["owner"] = entry.OwnerId,
        ["group"] = entry.GroupId,
        ["modifiedAt"] = entry.ModifiedAt.ToString("O", CultureInfo.InvariantCulture),
        ["size"] = entry.LengthBytes,
        ["linkTarget"] = entry.LinkTarget,
    };

    private static char Letter(TarEntryKind kind) => kind switch
    {
        TarEntryKind.Directory => 'd',
        TarEntryKind.SymbolicLink => 'l',
        TarEntryKind.HardLink => 'h',
        TarEntryKind.CharacterDevice => 'c',
        TarEntryKind.BlockDevice => 'b',
        TarEntryKind.Pipe => 'p',
        TarEntryKind.File => '-',
        _ => '?',
    };
}

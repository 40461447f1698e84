using System.Globalization;
using System.Text.Json.Nodes;
using DevOps.Archives.Compression;
using DevOps.Archives.Tar;

namespace Cli;

/// <summary><c>tar list FILE</c>: what an archive, compressed with gzip or not, holds.</summary>
internal static class TarListCommand
{
    internal static Command Command { get; } = new("tar list", "FILE", "Lists what an archive, compressed with gzip or not, holds", [], RunAsync) { Examples = ["tar list layer.tar.gz"] };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        await using Stream archive = await ArchiveFile.OpenReadAsync(arguments.Values("FILE")[0], cancellationToken);
        TarArchiveReader reader = new(archive);
        JsonArray entries = [];
        while (await reader.ReadNextAsync(cancellationToken) is { } entry)
        {
            if (output.IsJson)
            {
                entries.Add((JsonNode)Describe(entry));
            }
            else
            {
                string target = entry.LinkTarget is { } link ? $" -> {Output.Printable(link)}" : "";
                output.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Letter(entry.Kind)}{Convert.ToString(entry.Mode, 8),5} {entry.OwnerId}:{entry.GroupId} {entry.LengthBytes,12} {entry.ModifiedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} {Output.Printable(entry.Name)}{target}"));
            }
        }

        if (output.IsJson)
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

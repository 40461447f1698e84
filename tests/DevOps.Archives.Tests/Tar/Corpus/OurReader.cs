namespace DevOps.Archives.Tar.Tests;

/// <summary>Lists archives as our reader reads them.</summary>
internal static class OurReader
{
    internal static async Task<List<string>> ListAsync(Stream archive, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        TarArchiveReader reader = new(archive);
        try
        {
            while (await reader.ReadNextAsync(cancellationToken) is { } entry)
            {
                (string hash, Exception? error) = await ListingLine.HashAsync(reader.Content, cancellationToken);
                lines.Add(ListingLine.Of(Kind(entry.Kind), entry.Mode, entry.OwnerId, entry.GroupId, entry.LengthBytes, entry.ModifiedAt, hash, entry.Name, entry.LinkTarget));
                if (error is not null)
                {
                    throw error;
                }
            }
        }
        catch (InvalidContentException)
        {
            lines.Add(ListingLine.Error);
        }

        return lines;
    }

    private static string Kind(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => "file",
        TarEntryKind.Directory => "directory",
        TarEntryKind.SymbolicLink => "symlink",
        TarEntryKind.HardLink => "hardlink",
        TarEntryKind.CharacterDevice => "char",
        TarEntryKind.BlockDevice => "block",
        TarEntryKind.Pipe => "fifo",
        _ => "other",
    };
}

using System.Formats.Tar;

namespace DevOps.Archives.Tar.Tests;

/// <summary>Lists archives as the base class library's reader reads them.</summary>
internal static class DotNetReader
{
    internal static async Task<List<string>> ListAsync(Stream archive, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        try
        {
            await using TarReader reader = new(archive, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (entry is PaxGlobalExtendedAttributesTarEntry)
                {
                    continue;
                }

                (string hash, Exception? error) = await ListingLine.HashAsync(entry.DataStream ?? Stream.Null, cancellationToken);
                lines.Add(ListingLine.Of(Kind(entry.EntryType), (long)entry.Mode, entry.Uid, entry.Gid, entry.Length, entry.ModificationTime, hash, entry.Name, entry.LinkName));
                if (error is not null)
                {
                    throw error;
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Several kinds, some of them not documented: what counts here is that the archive is refused.
            lines.Add(ListingLine.Error);
        }

        return lines;
    }

    private static string Kind(TarEntryType type) => type switch
    {
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile or TarEntryType.SparseFile => "file",
        TarEntryType.Directory or TarEntryType.DirectoryList => "directory",
        TarEntryType.SymbolicLink => "symlink",
        TarEntryType.HardLink => "hardlink",
        TarEntryType.CharacterDevice => "char",
        TarEntryType.BlockDevice => "block",
        TarEntryType.Fifo => "fifo",
        _ => "other",
    };
}

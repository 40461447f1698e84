using System.Security.Cryptography;

namespace DevOps.Archives.Caching;

/// <summary>Reads all that a cache holds and removes what is damaged.</summary>
internal static class CacheVerifier
{
    internal static async Task<CacheVerification> VerifyAsync(CacheFolder folder, CancellationToken cancellationToken)
    {
        long checkedCount = 0;
        long removed = 0;
        foreach (string kind in new[] { CacheFolder.Blobs, CacheFolder.Segments })
        {
            foreach (FileInfo file in folder.Entries(kind))
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    if (!await IsWholeAsync(file, kind, cancellationToken).ConfigureAwait(false))
                    {
                        file.Delete();
                        removed++;
                    }

                    checkedCount++;
                }
                catch (FileNotFoundException)
                {
                    // Another process made room.
                }
            }
        }

        return new(checkedCount, removed);
    }

    private static async Task<bool> IsWholeAsync(FileInfo file, string kind, CancellationToken cancellationToken)
    {
        if (kind == CacheFolder.Segments)
        {
            return SegmentReuse.IsWhole(await File.ReadAllBytesAsync(file.FullName, cancellationToken).ConfigureAwait(false), file.Name);
        }

        FileStream content = file.Open(new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        await using (content.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)) == file.Name;
        }
    }
}

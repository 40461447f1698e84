using DevOps.Archives.Tar;

namespace DevOps.Archives.Extraction;

/// <summary>Extracts archives that are not trusted.</summary>
public static class TarExtraction
{
    /// <summary>Extracts an archive into a directory. Nothing is written outside of it: not by <c>..</c>, not by absolute names, which mean the directory itself, and not through links, which are made as they are and never followed.</summary>
    /// <param name="archive">The archive, not compressed; read to its end and left open.</param>
    /// <param name="directory">The directory; it is made when it does not exist. Files that have an entry's name are replaced; nothing else may write there meanwhile.</param>
    /// <param name="options">How; <see cref="TarExtractOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the extraction; what was extracted stays.</param>
    /// <returns>What was done. Modes and times are kept, without set-user-ID and set-group-ID; owners and extended attributes are not.</returns>
    /// <exception cref="InvalidContentException">The archive is damaged, or larger than the options allow.</exception>
    /// <exception cref="UnsafeEntryException">An entry reaches out of the directory.</exception>
    public static async Task<TarExtractResult> ExtractAsync(
        Stream archive, string directory, TarExtractOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= TarExtractOptions.Default;
        string root = Path.GetFullPath(directory);
        if (File.Exists(root))
        {
            throw new IOException($"'{directory}' is a file. Name a directory.");
        }

        Directory.CreateDirectory(root);
        TarArchiveReader reader = new(archive, options.Reading);
        ExtractionRun run = new(new(root), options);
        while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            await run.ExtractAsync(entry, reader, cancellationToken).ConfigureAwait(false);
        }

        return run.Complete();
    }
}

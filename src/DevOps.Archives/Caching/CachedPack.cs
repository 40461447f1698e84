using DevOps.Archives.Packing;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Caching;

/// <summary>One archive on its way through a cache: looked up, or packed and stored.</summary>
internal sealed class CachedPack(CacheSession session, Func<IAsyncEnumerable<TarItem>> items, PackOptions options)
{
    private readonly BlobStore _blobs = new(session);

    // Of the members that were read last, and so of what is stored: a file that was there only while they were read must not be missing in it.
    private TreeKey? _tree;

    /// <summary>Looks the archive up.</summary>
    /// <param name="give">Puts what was found where it is wanted, or finds that it is damaged.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <returns>What is known of it; <see langword="null"/> if it must be packed.</returns>
    internal async Task<PackResult?> FindAsync(Func<BlobStore, ArchiveRecord, Task<bool>> give, CancellationToken cancellationToken)
    {
        string recipe = options.Compression.Recipe;
        TreeKey? tree = await TreeKey.ComputeAsync(items(), recipe, session.Cache.Options, cancellationToken).ConfigureAwait(false);
        if (tree is not null && CacheRecord.Read(session, CacheFolder.Trees, tree.Name) is [{ Length: 64 } key] && key.All(char.IsAsciiHexDigitLower)
            && ArchiveRecord.Find(session, key) is { } known && await give(_blobs, known).ConfigureAwait(false))
        {
            return Found(known, CacheOutcome.FoundByStatus);
        }

        // What is not compressed is as fast packed as hashed.
        if (session.Cache.Options.Lookup != CacheLookup.StatusThenContent || options.Compression == PackCompression.None)
        {
            return null;
        }

        PackOptions hashing = new() { Compression = PackCompression.None, Pool = options.Pool };
        PackResult hashed = await ReadAsync(Stream.Null, hashing, null, cancellationToken).ConfigureAwait(false);
        string archive = ArchiveRecord.KeyOf(recipe, hashed.Digest);
        if (ArchiveRecord.Find(session, archive) is { } same && await give(_blobs, same).ConfigureAwait(false))
        {
            StoreTree(archive);
            return Found(same, CacheOutcome.FoundByContent);
        }

        return null;
    }

    internal Task<PackResult> PackAsync(Stream output, CancellationToken cancellationToken) => ReadAsync(output, options, session, cancellationToken);

    /// <summary>Stores what was packed.</summary>
    /// <param name="packed">What is known of it.</param>
    /// <param name="file">The archive, whole and closed.</param>
    internal void Store(PackResult packed, string file)
    {
        if (_blobs.Store(file, packed.Digest, packed.SizeBytes) is { } stamp)
        {
            string archive = ArchiveRecord.KeyOf(options.Compression.Recipe, packed.TarDigest);
            session.Write(0, () => new ArchiveRecord(packed, stamp).Write(session.Folder, archive));
            StoreTree(archive);
        }
    }

    // A file that changes after it was added to the key gets another time, so the key then stands for nothing that can come back.
    private void StoreTree(string archive)
    {
        if (_tree is { IsSettled: true, Name: var name })
        {
            session.Write(1, () => CacheRecord.Write(session.Folder, CacheFolder.Trees, name, [archive]));
        }
    }

    private async Task<PackResult> ReadAsync(Stream output, PackOptions how, CacheSession? segments, CancellationToken cancellationToken)
    {
        using TreeKeyBuilder key = new(options.Compression.Recipe, session.Cache.Options);
        PackResult packed = await TarPacker.PackAsync(key.Watch(items(), cancellationToken), output, how, segments, cancellationToken).ConfigureAwait(false);
        _tree = key.ToKey();
        return packed;
    }

    private PackResult Found(ArchiveRecord record, CacheOutcome outcome)
    {
        options.Progress?.Report(new(record.Packed.TarSizeBytes, record.Packed.TarSizeBytes, record.Packed.SizeBytes));
        return record.Packed with { Cache = session.End(outcome) };
    }
}

using DevOps.Archives.Packing;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Caching;

/// <summary>A folder that remembers what was packed, so that nothing is compressed twice: whole archives, and the segments that archives are compressed in.</summary>
/// <remarks>
/// <para>
/// An archive has the same bytes with a cache and without, whatever is in its folder: what is damaged, cut off or gone counts as not there. A folder that cannot be read or written is no error either,
/// but a warning in the result (<see cref="CacheUse.Warning"/>).
/// </para>
/// <para>
/// Any number of threads and processes may use one folder at once. There are no locks: files appear whole, under the name of their content's hash. A killed process leaves at most a half-written file, which a
/// later pack removes. The folder can be removed at any time. It is made for its owner alone: who may write to it decides what is packed.
/// </para>
/// </remarks>
public sealed class PackCache
{
    private PackCache(CacheFolder folder, PackCacheOptions options) => (Folder, Options) = (folder, options);

    /// <summary>Gets the folder.</summary>
    public string Directory => Folder.Path;

    internal CacheFolder Folder { get; }

    internal PackCacheOptions Options { get; }

    /// <summary>Opens a cache. Nothing is read or made before something is packed.</summary>
    /// <param name="directory">The folder; made when something is stored. Other files in it are left alone.</param>
    /// <param name="options">How; <see cref="PackCacheOptions.Default"/> if <see langword="null"/>.</param>
    public static PackCache Open(string directory, PackCacheOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= PackCacheOptions.Default;
        return new(new(Path.GetFullPath(directory), options.TimeProvider), options);
    }

    /// <summary>Finds an archive, or packs it and keeps it.</summary>
    /// <param name="items">Gives the members, in the order in which they are written; called up to three times, and gives the same each time if nothing changes on disk.</param>
    /// <param name="output">Where the bytes go, in order; flushed at the end and left open. An archive that is found is read and hashed before the first byte is written.</param>
    /// <param name="options">How; <see cref="PackOptions.Default"/> if <see langword="null"/>. Its own cache does not count.</param>
    /// <param name="cancellationToken">Stops the packing; what was written is then unusable.</param>
    /// <returns>Digests and sizes, and in <see cref="PackResult.Cache"/> where the archive came from.</returns>
    /// <exception cref="IOException">A file cannot be read or changed meanwhile, or the output cannot be written.</exception>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    /// <remarks>A file is taken as unchanged if its size, times, inode and device are those of the last time. The time of the last change of anything about it is among them, which no program can set back; what is written through a memory map shows there once it is synchronised.</remarks>
    public async Task<PackResult> PackAsync(Func<IAsyncEnumerable<TarItem>> items, Stream output, PackOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(output);
        using CacheSession session = Begin();
        CachedPack pack = new(session, items, options ?? PackOptions.Default);
        if (await pack.FindAsync((blobs, record) => blobs.TryGiveAsync(record, output, cancellationToken), cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        PackResult packed = await PackNewAsync(session, pack, output, cancellationToken).ConfigureAwait(false);
        return packed with { Cache = session.End(CacheOutcome.Packed) };
    }

    /// <summary>Finds an archive, or packs it and keeps it, as a file that is there only when it is whole.</summary>
    /// <param name="items">Gives the members, in the order in which they are written; called up to three times, and gives the same each time if nothing changes on disk.</param>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="options">How; <see cref="PackOptions.Default"/> if <see langword="null"/>. Its own cache does not count.</param>
    /// <param name="cancellationToken">Stops the packing; nothing is left of it.</param>
    /// <returns>Digests and sizes, and in <see cref="PackResult.Cache"/> where the archive came from.</returns>
    /// <exception cref="IOException">A file cannot be read or changed meanwhile, or the path cannot be written.</exception>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    /// <remarks>
    /// Where the file system allows it the file is the cache's own under another name (a hard link), which takes no time and no room, and stays when the cache goes. It is read-only then, as all that were given out
    /// are one: replace it or copy it to change it. Where it is not allowed, as on another volume, the archive is copied and hashed.
    /// </remarks>
    public async Task<PackResult> PackToFileAsync(Func<IAsyncEnumerable<TarItem>> items, string path, PackOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using CacheSession session = Begin();
        CachedPack pack = new(session, items, options ?? PackOptions.Default);
        if (await pack.FindAsync((blobs, record) => blobs.TryGiveAsync(record, path, cancellationToken), cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            PackResult packed = await pack.PackAsync(file.Content, cancellationToken).ConfigureAwait(false);
            await file.Content.DisposeAsync().ConfigureAwait(false);
            pack.Store(packed, file.PartialPath);
            file.Commit();
            return packed with { Cache = session.End(CacheOutcome.Packed) };
        }
    }

    /// <summary>Finds an archive as a file, or packs it to somewhere else and keeps it: for an output that need not be begun where the archive is known.</summary>
    /// <param name="items">Gives the members, in the order in which they are written; called again for each packing, and gives the same each time if nothing changes on disk.</param>
    /// <param name="path">The file of an archive that is found, as <see cref="PackToFileAsync"/> makes it; its directory must exist.</param>
    /// <param name="send">Called where none is found, with what packs into a stream; that may be called again, and the last time that it came to its end counts.</param>
    /// <param name="options">How; <see cref="PackOptions.Default"/> if <see langword="null"/>. Its own cache does not count.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    /// <returns>Digests and sizes, and in <see cref="PackResult.Cache"/> whether the archive is in the file. <see langword="null"/> if nothing was found and <paramref name="send"/> packed nothing to its end.</returns>
    /// <exception cref="IOException">A file cannot be read or changed meanwhile, or the path cannot be written.</exception>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    public async Task<PackResult?> FindToFileOrPackAsync(
        Func<IAsyncEnumerable<TarItem>> items, string path, Func<Func<Stream, CancellationToken, Task>, Task> send, PackOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(send);
        using CacheSession session = Begin();
        CachedPack pack = new(session, items, options ?? PackOptions.Default);
        if (await pack.FindAsync((blobs, record) => blobs.TryGiveAsync(record, path, cancellationToken), cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        PackResult? packed = null;
        await send(async (output, token) => packed = await PackNewAsync(session, pack, output, token).ConfigureAwait(false)).ConfigureAwait(false);
        return packed is null ? null : packed with { Cache = session.End(CacheOutcome.Packed) };
    }

    /// <summary>Reads every archive and segment of the cache and removes what is damaged. Of use after a loss of power, as the disk is not waited for: an archive that is only given another name is not read. What is copied is hashed, and segments have checksums.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public Task<CacheVerification> VerifyAsync(CancellationToken cancellationToken = default) => CacheVerifier.VerifyAsync(Folder, cancellationToken);

    internal CacheSession Begin() => new(this);

    private async Task<PackResult> PackNewAsync(CacheSession session, CachedPack pack, Stream output, CancellationToken cancellationToken)
    {
        string? partial = null;
        FileStream? copy = null;
        session.Write(0, () => copy = new(partial = Folder.NewPartial(), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0));
        if (copy is null)
        {
            return await pack.PackAsync(output, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            TeeStream tee = new(output, copy, session);
            PackResult packed = await pack.PackAsync(tee, cancellationToken).ConfigureAwait(false);
            await copy.DisposeAsync().ConfigureAwait(false);
            if (tee.IsWhole)
            {
                pack.Store(packed, partial!);
            }

            return packed;
        }
        finally
        {
            await copy.DisposeAsync().ConfigureAwait(false);
            CacheSession.Remove(partial!);
        }
    }
}

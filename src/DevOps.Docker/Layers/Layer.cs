using System.Runtime.CompilerServices;
using DevOps.Archives.Caching;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Describes a filesystem change that becomes a layer. Immutable; nothing is read until it is built, and it can be built any number of times.</summary>
public sealed class Layer
{
    private readonly Func<IAsyncEnumerable<TarItem>> _entries;
    private readonly DirectoryOptions _options;
    private readonly BaseLinkView? _base;

    private Layer(string description, Func<IAsyncEnumerable<TarItem>> entries, DirectoryOptions options) => (Description, _entries, _options) = (description, entries, options);

    private Layer(Layer layer, BaseLinkView @base)
        : this(layer.Description, layer._entries, layer._options) => (IsRepeatable, _base) = (layer.IsRepeatable, @base);

    /// <summary>Gets what the layer holds, in a few words; written to the image's history.</summary>
    public string Description { get; }

    /// <summary>Gets whether its entries can be read several times for one build. What a host yields one by one may be there once.</summary>
    internal bool IsRepeatable { get; private init; } = true;

    /// <summary>Describes a layer of all that a directory holds.</summary>
    /// <param name="directory">The directory; its content goes to <see cref="DirectoryOptions.Root"/>.</param>
    /// <param name="options">How; <see cref="DirectoryOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="description">What the layer holds; its root by default, never a path of this machine.</param>
    public static Layer FromDirectory(string directory, DirectoryOptions? options = null, string? description = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= DirectoryOptions.Default;
        return new(description ?? $"directory at {options.Root}", () => DirectoryReader.Read(directory, options).ToAsyncEnumerable(), options);
    }

    /// <summary>Describes a layer of single files; directories above them are added.</summary>
    /// <param name="description">What the layer holds.</param>
    /// <param name="files">The files, in any order.</param>
    /// <param name="options">Times, owners and permission bits; the root and the treatment of links have no meaning here.</param>
    /// <exception cref="ArgumentException">Two files have one path.</exception>
    public static Layer FromFiles(string description, IEnumerable<LayerFile> files, DirectoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(description);
        ArgumentNullException.ThrowIfNull(files);
        options ??= DirectoryOptions.Default;
        FileMembers members = new([.. files], options);
        return new(description, () => members.Read().ToAsyncEnumerable(), options);
    }

    /// <summary>Describes a layer of entries from anywhere: files, links, deletions. They are sorted, and directories above them that are missing are added.</summary>
    /// <param name="description">What the layer holds.</param>
    /// <param name="entries">The entries, in any order; read at once and kept. <see cref="LayerEntry"/> makes them, and <see cref="DirectoryReader"/> does.</param>
    /// <param name="options">Times, owners and modes of added directories, and whether there are any; entries keep their own.</param>
    /// <exception cref="ArgumentException">Two entries have one path, one is below a file, or a hard link comes before its file.</exception>
    /// <exception cref="DirectoryEntryException">A name starts with <c>.wh.</c> and is not that of a deletion made by <see cref="LayerEntry"/>.</exception>
    public static Layer FromEntries(string description, IEnumerable<TarItem> entries, DirectoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(description);
        ArgumentNullException.ThrowIfNull(entries);
        options ??= DirectoryOptions.Default;
        TarItem[] sorted = [.. entries.Order(LayerEntryComparer.Instance)];
        LayerSequence sequence = new(options, message => new ArgumentException(message, nameof(entries)));
        foreach (TarItem entry in sorted)
        {
            sequence.Enter(entry);
        }

        return new(description, sorted.ToAsyncEnumerable, options);
    }

    /// <summary>Describes a layer of entries that come one by one, as from another archive or a database. Directories above them that are missing are added.</summary>
    /// <param name="description">What the layer holds.</param>
    /// <param name="entries">The entries, in the order of <see cref="LayerEntryComparer"/>; read each time that the layer is built. Content from a stream is read to its end before the next entry is asked for, so entries may come from an archive that is read on.</param>
    /// <param name="options">Times, owners and modes of added directories, and whether there are any; entries keep their own.</param>
    /// <remarks>
    /// Memory does not grow with the number of entries. Building fails with an <see cref="InvalidOperationException"/> at the first entry that comes out of order or twice, is below a file, or is a hard link
    /// before its file, and with a <see cref="DirectoryEntryException"/> at a name that starts with <c>.wh.</c> and was not made by <see cref="LayerEntry"/>.
    /// </remarks>
    public static Layer FromEntries(string description, IAsyncEnumerable<TarItem> entries, DirectoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(description);
        ArgumentNullException.ThrowIfNull(entries);
        return new(description, () => entries, options ?? DirectoryOptions.Default) { IsRepeatable = false };
    }

    /// <summary>Builds the layer: packs, compresses and hashes in one pass.</summary>
    /// <param name="output">Where the blob goes; left open.</param>
    /// <param name="options">How; <see cref="LayerOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="progress">Told of the bytes done, about once for each MiB.</param>
    /// <param name="cancellationToken">Stops the building; what was written is then unusable.</param>
    /// <exception cref="DirectoryEntryException">Something cannot be part of a layer.</exception>
    /// <exception cref="IOException">A file could not be read, has another length than its entry states, or the output not be written.</exception>
    /// <exception cref="InvalidOperationException">Entries that come one by one break a rule of layers.</exception>
    public Task<BuiltLayer> BuildAsync(
        Stream output, LayerOptions? options = null, IProgress<LayerProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return LayerWriter.WriteAsync(this, output, options ?? LayerOptions.Default, progress, cancellationToken);
    }

    /// <summary>Builds the layer into a file that is there only when it is whole. With <see cref="LayerOptions.Cache"/>, an unchanged layer costs a look at its files.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="options">How; <see cref="LayerOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="progress">Told of the bytes done, about once for each MiB.</param>
    /// <param name="cancellationToken">Stops the building; nothing is left of it.</param>
    /// <exception cref="DirectoryEntryException">Something cannot be part of a layer.</exception>
    /// <exception cref="IOException">A file could not be read, has another length than its entry states, or the path not be written.</exception>
    /// <exception cref="InvalidOperationException">Entries that come one by one break a rule of layers.</exception>
    /// <remarks>With a cache the file can be one with the cache's, and is read-only then: replace it or copy it to change it. See <see cref="PackCache.PackToFileAsync"/>.</remarks>
    public Task<BuiltLayer> BuildToFileAsync(
        string path, LayerOptions? options = null, IProgress<LayerProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return LayerWriter.WriteFileAsync(this, path, options ?? LayerOptions.Default, progress, cancellationToken);
    }

    /// <summary>Returns the same layer, which fails where it would replace a symbolic link of its base.</summary>
    internal Layer On(BaseLinkView @base) => new(this, @base);

    /// <summary>Reads the entries as they are packed: in order, each path once, directories before what they hold.</summary>
    /// <exception cref="InvalidOperationException">The entries break a rule of layers.</exception>
    internal async IAsyncEnumerable<TarItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LayerSequence sequence = new(_options, message => new InvalidOperationException($"The layer '{Description}' cannot be packed. {message}"));
        BaseLinkCheck? check = _base is null ? null : new(Description, _base);
        await foreach (TarItem item in _entries().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (TarItem parent in sequence.Enter(item))
            {
                await CheckAsync(check, parent, cancellationToken).ConfigureAwait(false);
                yield return parent;
            }

            await CheckAsync(check, item, cancellationToken).ConfigureAwait(false);
            yield return item;
        }
    }

    private static ValueTask CheckAsync(BaseLinkCheck? check, TarItem item, CancellationToken cancellationToken) =>
        check is null ? ValueTask.CompletedTask : check.CheckAsync(item, cancellationToken);
}

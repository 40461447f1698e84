using DevOps.Archives.Compression;
using DevOps.Archives.Tar;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Where each file of an uncompressed tar archive is. The archive is walked once; contents are not read.</summary>
internal sealed class ArchiveContents
{
    private const int MaxMembers = 200_000;

    private readonly string _path;
    private readonly Dictionary<string, (long Offset, long LengthBytes)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);

    private ArchiveContents(string path) => _path = path;

    internal IEnumerable<string> Names => _files.Keys;

    internal static async Task<ArchiveContents> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArchiveContents contents = new(path);
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            await CheckNotCompressedAsync(file, path, cancellationToken).ConfigureAwait(false);
            await contents.WalkAsync(file, cancellationToken).ConfigureAwait(false);
        }

        return contents;
    }

    internal bool Contains(string name) => Find(name) is not null;

    /// <summary>Finds a file by name, through links inside the archive.</summary>
    internal (long Offset, long LengthBytes)? Find(string name)
    {
        string? key = KeysOf(name).LastOrDefault();
        return key is not null && _files.TryGetValue(key, out (long, long) found) ? found : null;
    }

    internal FileSegment Open((long Offset, long LengthBytes) place, long offset = 0)
    {
        // A descriptor can state more than there is.
        offset = Math.Min(offset, place.LengthBytes);
        return new(_path, place.Offset + offset, place.LengthBytes - offset);
    }

    /// <summary>Reads a small file whole.</summary>
    internal async Task<byte[]> ReadAllBytesAsync(string name, CancellationToken cancellationToken)
    {
        (long Offset, long LengthBytes) place = Find(name) ?? throw new InvalidContentException($"archive '{_path}'", $"it names '{name}' and does not hold it");
        if (place.LengthBytes > OciDocument.MaxLengthBytes)
        {
            throw new InvalidContentException($"archive '{_path}'", $"its '{name}' has {place.LengthBytes} bytes and {OciDocument.MaxLengthBytes} are allowed");
        }

        if (KeysOf(name).Any(_repeated.Contains))
        {
            throw new InvalidContentException($"archive '{_path}'", $"it has '{name}' more than once, and readers differ in which they take");
        }

        byte[] bytes = new byte[place.LengthBytes];
        FileSegment segment = Open(place);
        await using (segment.ConfigureAwait(false))
        {
            await segment.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        return bytes;
    }

    // The name, and what it leads to.
    private IEnumerable<string> KeysOf(string name)
    {
        string? key = Normalize(name);
        for (int hops = 0; hops <= 8 && key is not null; hops++)
        {
            yield return key;
            key = _links.GetValueOrDefault(key);
        }
    }

    private async Task WalkAsync(FileStream file, CancellationToken cancellationToken)
    {
        TarArchiveReader reader = new(file);
        try
        {
            for (int count = 0; await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry; count++)
            {
                if (count == MaxMembers)
                {
                    throw new InvalidContentException($"archive '{_path}'", $"it has more than {MaxMembers} members");
                }

                if (Normalize(entry.Name) is not { } name)
                {
                    continue;
                }

                bool isFile = entry is { Kind: TarEntryKind.File, IsSparse: false };
                if (entry.Kind is TarEntryKind.File or TarEntryKind.SymbolicLink or TarEntryKind.HardLink && (_files.Remove(name) || _links.Remove(name)))
                {
                    _repeated.Add(name);
                }

                if (isFile)
                {
                    _files[name] = (entry.ContentOffset, entry.LengthBytes);
                }
                else if (entry.Kind is TarEntryKind.SymbolicLink or TarEntryKind.HardLink)
                {
                    string folder = entry.Kind == TarEntryKind.HardLink ? "" : name[..(name.LastIndexOf('/') + 1)];
                    _links[name] = Normalize(folder + entry.LinkTarget);
                }
            }
        }
        catch (InvalidContentException e) when (e.Document == "tar archive")
        {
            throw new InvalidContentException($"archive '{_path}'", $"it is no tar archive, or is damaged: {e.Reason}", e);
        }
    }

    // Names in archives are no paths here, only keys: '..' is resolved by text, and what leaves the root is no key.
    private static string? Normalize(string name)
    {
        List<string> parts = [];
        foreach (string part in name.Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static async Task CheckNotCompressedAsync(FileStream file, string path, CancellationToken cancellationToken)
    {
        byte[] magic = new byte[CompressionMagic.Length];
        int read = await file.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        file.Position = 0;
        if (CompressionMagic.Recognize(magic.AsSpan(0, read)) != CompressionFormat.None)
        {
            throw new InvalidContentException($"archive '{path}'", "it is compressed as a whole, so its parts cannot be found; decompress it first");
        }
    }
}

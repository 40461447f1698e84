using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>Reads all headers of one entry: PAX records and long names before it, then its own, then what follows that for sparse files.</summary>
internal sealed class EntryHeaders(TarInput input, TarReadOptions options)
{
    private readonly byte[] _block = new byte[TarHeader.Length];
    private readonly PaxGlobals _global = new(options.MaxHeaderBytes);
    private int _headerBytes;

    /// <summary>Reads the headers of the next entry.</summary>
    /// <returns>The entry and its stored content; <see langword="null"/> at the end of the archive.</returns>
    /// <exception cref="FormatException">The archive is damaged.</exception>
    internal async ValueTask<(TarArchiveEntry Entry, TarContentStream Content, long Stored)?> ReadAsync(CancellationToken cancellationToken)
    {
        _headerBytes = 0;
        List<PaxRecord> local = [];
        string? longName = null;
        string? longLink = null;
        while (await ReadHeaderAsync(cancellationToken).ConfigureAwait(false) is { } header)
        {
            switch (header.TypeFlag)
            {
                case (byte)'x' or (byte)'X':
                    // One behind another replaces it, as in all readers that are in wide use.
                    local = await ReadRecordsAsync(header, cancellationToken).ConfigureAwait(false);
                    break;
                case (byte)'g':
                    _global.Add(await ReadRecordsAsync(header, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'L':
                    longName = TarHeader.Text(await ReadExtraAsync(header, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'K':
                    longLink = TarHeader.Text(await ReadExtraAsync(header, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'M':
                    throw new FormatException("it continues a file of another volume, which cannot be read alone");
                default:
                    PaxAttributes records = new(_global.Records, local);
                    return await BuildAsync(header, records, longName, longLink, cancellationToken).ConfigureAwait(false);
            }
        }

        return local.Count == 0 && longName is null && longLink is null ? null : throw new FormatException("the archive ends behind a header that describes an entry to come");
    }

    private async ValueTask<TarHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await input.TryReadBlockAsync(_block, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        if (_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return TarHeader.Read(_block);
        }

        return await input.TryReadBlockAsync(_block, cancellationToken).ConfigureAwait(false) && _block.AsSpan().ContainsAnyExcept((byte)0)
            ? throw new FormatException("there is one block of zeros where two end an archive")
            : null;
    }

    private async ValueTask<byte[]> ReadExtraAsync(TarHeader header, CancellationToken cancellationToken)
    {
        Count(header.Size);
        byte[] bytes = new byte[Padded(header.Size)];
        await input.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes[..(int)header.Size];
    }

    private async ValueTask<List<PaxRecord>> ReadRecordsAsync(TarHeader header, CancellationToken cancellationToken) =>
        PaxParser.Read(await ReadExtraAsync(header, cancellationToken).ConfigureAwait(false)) ?? throw new FormatException("its PAX records are malformed");

    private async ValueTask<(TarArchiveEntry, TarContentStream, long)> BuildAsync(
        TarHeader header, PaxAttributes records, string? longName, string? longLink, CancellationToken cancellationToken)
    {
        string name = records.Text("GNU.sparse.name") ?? records.Text("path") ?? longName ?? header.Name;
        TarEntryKind kind = KindOf(header.TypeFlag, name);
        long stored = HasContent(header.TypeFlag) ? records.Number("size") ?? header.Size : 0;
        (IReadOnlyList<SparseRegion> regions, long length, long mapBytes) = await RegionsAsync(header, records, stored, cancellationToken).ConfigureAwait(false);
        stored -= mapBytes;
        bool isSparse = regions.Count != 1 || regions[0] != new SparseRegion(0, length);
        if (isSparse)
        {
            SparseRegion.Check(regions, length, stored);
        }

        string trimmed = name.TrimEnd('/');
        TarArchiveEntry entry = new()
        {
            Name = kind == TarEntryKind.Directory && trimmed.Length > 0 ? trimmed : name,
            Kind = kind,
            Mode = header.Mode,
            OwnerId = records.Number("uid") ?? header.OwnerId,
            GroupId = records.Number("gid") ?? header.GroupId,
            ModifiedAt = records.Time("mtime") ?? PaxAttributes.FromSeconds(header.ModifiedAt),
            LengthBytes = length,
            LinkTarget = kind is TarEntryKind.SymbolicLink or TarEntryKind.HardLink ? records.Text("linkpath") ?? longLink ?? header.LinkName : null,
            PaxRecords = records.ToText(),
            ExtendedAttributes = records.ToExtendedAttributes(),
            IsSparse = isSparse,
            ContentOffset = input.Position,
        };
        return (entry, new(input, regions, length, name), stored);
    }

    private async ValueTask<(IReadOnlyList<SparseRegion> Regions, long Length, long MapBytes)> RegionsAsync(
        TarHeader header, PaxAttributes records, long stored, CancellationToken cancellationToken)
    {
        if (header.TypeFlag == 'S')
        {
            return (await ReadOldMapAsync(header, cancellationToken).ConfigureAwait(false), header.RealSize, 0);
        }

        if (records.Text(SparseMaps.Major) == "1")
        {
            long before = input.Position;
            List<SparseRegion> map = await ReadMapInContentAsync(stored, cancellationToken).ConfigureAwait(false);
            return (map, records.Number("GNU.sparse.realsize") ?? throw new FormatException("it has holes and no size with them"), input.Position - before);
        }

        return SparseMaps.FromRecords(records) is { } regions
            ? (regions, records.Number("GNU.sparse.size") ?? records.Number("GNU.sparse.realsize") ?? throw new FormatException("it has holes and no size with them"), 0)
            : ([new(0, stored)], stored, 0);
    }

    private async ValueTask<List<SparseRegion>> ReadOldMapAsync(TarHeader header, CancellationToken cancellationToken)
    {
        const int EntriesLength = 21 * SparseRegion.TableEntryLength;
        List<SparseRegion> regions = [.. header.SparseRegions];
        for (bool more = header.HasMoreSparseRegions; more; more = _block[EntriesLength] != 0)
        {
            Count(TarHeader.Length);
            await input.ReadExactlyAsync(_block, cancellationToken).ConfigureAwait(false);
            regions.AddRange(SparseRegion.ReadTable(_block.AsSpan(0, EntriesLength)));
        }

        return regions;
    }

    // Format 1.0: the count and the pairs are lines of digits before the content, padded to a block.
    private async ValueTask<List<SparseRegion>> ReadMapInContentAsync(long stored, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        List<string> numbers = [];
        long wanted = 1;
        for (long read = 0; numbers.Count < wanted; read += TarHeader.Length)
        {
            Count(read + TarHeader.Length <= stored ? TarHeader.Length : throw new FormatException("its map of holes is longer than its content"));
            await input.ReadExactlyAsync(_block, cancellationToken).ConfigureAwait(false);
            foreach (byte value in _block)
            {
                if (value != '\n')
                {
                    text.Append((char)value);
                    continue;
                }

                numbers.Add(text.ToString());
                text.Clear();
                wanted = numbers.Count == 1 ? 1 + (2 * Math.Min(SparseMaps.Number(numbers[0]), options.MaxHeaderBytes)) : wanted;
                if (numbers.Count == wanted)
                {
                    break;
                }
            }
        }

        return SparseMaps.Pairs(numbers[1..]);
    }

    private void Count(long bytes)
    {
        _headerBytes = bytes <= options.MaxHeaderBytes - _headerBytes
            ? _headerBytes + (int)bytes
            : throw new FormatException($"the headers of one entry have more than {options.MaxHeaderBytes} bytes");
    }

    private static TarEntryKind KindOf(byte typeFlag, string name) => (char)typeFlag switch
    {
        // Archives of before 1988 have no type for directories.
        '\0' or '0' or '7' or 'S' => name.EndsWith('/') && typeFlag != 'S' ? TarEntryKind.Directory : TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' or 'D' => TarEntryKind.Directory,
        '6' => TarEntryKind.Pipe,
        _ => TarEntryKind.Other,
    };

    // By the type alone: a directory that is one only by its closing slash may have content, which is skipped.
    private static bool HasContent(byte typeFlag) => typeFlag is not (>= (byte)'1' and <= (byte)'6');

    private static long Padded(long length) => (length + TarHeader.Length - 1) / TarHeader.Length * TarHeader.Length;
}

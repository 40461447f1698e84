using System.Collections.Immutable;
using DevOps.Archives.Tar;

namespace DevOps.Archives.Extraction;

/// <summary>One extraction.</summary>
internal sealed class ExtractionRun(ExtractionRoot root, TarExtractOptions options)
{
    private const int PermissionBits = 0x3FF;
    private const int OwnerAll = 0x1C0;

    private readonly List<(string Path, TarArchiveEntry Entry)> _directories = [];
    private readonly ImmutableArray<string>.Builder _skipped = ImmutableArray.CreateBuilder<string>();
    private int _count;
    private long _bytes;

    internal async Task ExtractAsync(TarArchiveEntry entry, TarArchiveReader reader, CancellationToken cancellationToken)
    {
        string[] parts = ExtractionRoot.Parts(entry.Name, entry.Name);
        string path = root.PathOf(parts);
        if (entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice or TarEntryKind.Pipe or TarEntryKind.Other)
        {
            _skipped.Add(entry.Name);
            return;
        }

        if (_count == options.MaxEntries)
        {
            throw new InvalidContentException("tar archive", $"it has more than the {options.MaxEntries} entries that are allowed, from '{entry.Name}' on");
        }

        root.MakeParents(entry.Name, parts);
        _count++;
        if (entry.Kind == TarEntryKind.Directory)
        {
            MakeDirectory(entry, parts, path);
            return;
        }

        if (parts.Length == 0)
        {
            throw new UnsafeEntryException(entry.Name, "its name is that of the directory itself");
        }

        // What is refused is refused before anything that has its name goes away.
        switch (entry.Kind)
        {
            case TarEntryKind.SymbolicLink:
                string target = entry.LinkTarget is { Length: > 0 } link ? link : throw new UnsafeEntryException(entry.Name, "it is a link to nothing");
                ExtractionRoot.Clear(entry.Name, path);
                File.CreateSymbolicLink(path, target);
                break;
            case TarEntryKind.HardLink:
                MakeHardLink(entry, path);
                break;
            default:
                await WriteFileAsync(entry, reader.Content, path, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Gives directories their modes and times, inner ones first: before, entries still had to be written into them.</summary>
    internal TarExtractResult Complete()
    {
        foreach ((string path, TarArchiveEntry entry) in _directories.AsEnumerable().Reverse())
        {
            // A later entry may have put something else in its place.
            if (ExtractionRoot.IsRealDirectory(path))
            {
                Directory.SetLastWriteTimeUtc(path, entry.ModifiedAt.UtcDateTime);
                SetMode(path, entry.Mode);
            }
        }

        return new() { EntryCount = _count, Bytes = _bytes, Skipped = _skipped.ToImmutable() };
    }

    private void MakeDirectory(TarArchiveEntry entry, string[] parts, string path)
    {
        if (parts.Length > 0 && !ExtractionRoot.IsRealDirectory(path))
        {
            ExtractionRoot.Clear(entry.Name, path);
            Directory.CreateDirectory(path);
        }

        _directories.Add((path, entry));
    }

    private void MakeHardLink(TarArchiveEntry entry, string path)
    {
        string[] parts = ExtractionRoot.Parts(entry.Name, entry.LinkTarget!);
        string target = root.PathOf(parts);
        FileInfo info = new(target);
        if (parts.Length == 0 || !root.HasParents(parts) || !info.Exists || info.LinkTarget is not null)
        {
            throw new UnsafeEntryException(entry.Name, $"it is another name of '{entry.LinkTarget}', which is no file that was extracted before");
        }

        // A name of itself is there already.
        if (target != path)
        {
            ExtractionRoot.Clear(entry.Name, path);
            HardLinks.Create(target, path);
        }
    }

    private async Task WriteFileAsync(TarArchiveEntry entry, Stream content, string path, CancellationToken cancellationToken)
    {
        if (entry.LengthBytes > options.MaxBytes - _bytes)
        {
            throw new InvalidContentException("tar archive", $"its files have more than the {options.MaxBytes} bytes that are allowed, from '{entry.Name}' on");
        }

        _bytes += entry.LengthBytes;
        ExtractionRoot.Clear(entry.Name, path);
        FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            await content.CopyToAsync(file, 1 << 17, cancellationToken).ConfigureAwait(false);
        }

        File.SetLastWriteTimeUtc(path, entry.ModifiedAt.UtcDateTime);
        SetMode(path, entry.Mode);
    }

    // Set-user-ID and set-group-ID would give rights that the extracting user did not mean to give.
    private static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)((mode & PermissionBits) | (Directory.Exists(path) ? OwnerAll : 0)));
        }
    }
}

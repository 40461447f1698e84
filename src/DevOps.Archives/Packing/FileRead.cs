using DevOps.Archives.Directories;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Archives.Packing;

/// <summary>A file that is read in one or more pieces: opened by the first piece and closed by the last.</summary>
internal sealed class FileRead(string path, string name, long length)
{
    private readonly Lock _opening = new();
    private SafeFileHandle? _handle;
    private int _pieces = 1;

    /// <summary>Announces a piece.</summary>
    internal void Begin() => Interlocked.Increment(ref _pieces);

    /// <summary>Ends a piece, or the announcements.</summary>
    internal void End()
    {
        if (Interlocked.Decrement(ref _pieces) == 0)
        {
            _handle?.Dispose();
        }
    }

    /// <summary>Reads a piece whole; the last one makes sure that nothing comes behind it.</summary>
    /// <exception cref="IOException">The file has another length than when it was listed, or cannot be read.</exception>
    internal void Read(Span<byte> piece, long offset)
    {
        // What has no length is asked the long way: a pipe has none either.
        if (offset == 0 && piece.Length == length && length > 0 && OperatingSystem.IsLinux() && LinuxFile.ReadWhole(path, piece) is var whole and >= 0)
        {
            if (whole > length)
            {
                throw Changed("went on");
            }

            return;
        }

        SafeFileHandle handle = Open();
        bool isLast = offset + piece.Length == length;
        while (piece.Length > 0)
        {
            int read = RandomAccess.Read(handle, piece, offset);
            if (read == 0)
            {
                throw Changed("ended early");
            }

            piece = piece[read..];
            offset += read;
        }

        // Asked by reading: what the kernel makes up as it is read states no length.
        if (isLast && RandomAccess.Read(handle, stackalloc byte[1], offset) != 0)
        {
            throw Changed("went on");
        }
    }

    private SafeFileHandle Open()
    {
        lock (_opening)
        {
            if (_handle is null && OperatingSystem.IsLinux() && File.Exists(path) && LinuxFileStatus.ReadFollowed(path).Kind == FileStatusKind.Other)
            {
                throw new IOException($"'{name}' is read from '{path}', which is a pipe, a socket or a device. Give a file.");
            }

            return _handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    private IOException Changed(string how) =>
        new($"'{name}' {how} while it was read: it had {length} bytes at first. Something is writing to it; pack when it is done.");
}

using System.Runtime.InteropServices;
using DevOps.Archives;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Registry.Server;

/// <summary>Writes files so that they survive what the registry's durability says.</summary>
internal sealed partial class DiskWriter(RegistryDurability durability)
{
    private const int KeepSize = 1;
    private const long MaxReservedBytes = 64 << 20;

    private bool Flushes => durability is RegistryDurability.PowerLoss;

    /// <summary>Writes a small file that is there only when it is whole.</summary>
    internal async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await file.Content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await file.Content.FlushAsync(cancellationToken).ConfigureAwait(false);
            Flush(file.Content.SafeFileHandle);
            file.Commit();
        }

        FlushName(path);
    }

    /// <summary>Makes a folder and those above it.</summary>
    internal void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        CreateFolder(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path);
        FlushName(path);
    }

    /// <summary>Brings a file's bytes to the disk, if that is asked for.</summary>
    internal void Flush(SafeFileHandle file)
    {
        if (Flushes)
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Brings to the disk that a name is in its directory, or that it is no more. Elsewhere than on Unix the file system's journal does.</summary>
    internal void FlushName(string path)
    {
        if (!Flushes || OperatingSystem.IsWindows())
        {
            return;
        }

        int directory = Open(Path.GetDirectoryName(path)!, 0);
        if (directory < 0)
        {
            throw new IOException($"'{Path.GetDirectoryName(path)}' cannot be opened to bring it to the disk: error {Marshal.GetLastPInvokeError()}.");
        }

        int failure = Sync(directory);
        _ = Close(directory);
        if (failure != 0)
        {
            throw new IOException($"'{Path.GetDirectoryName(path)}' could not be brought to the disk.");
        }
    }

    /// <summary>Asks the file system for room behind a file's end, in one piece; the length stays. A wish: it may say no, and a client's word is not worth the whole disk.</summary>
    internal static void Reserve(SafeFileHandle file, long offset, long lengthBytes)
    {
        if (OperatingSystem.IsLinux() && lengthBytes > 1 << 20)
        {
            _ = Allocate(file, KeepSize, offset, Math.Min(lengthBytes, MaxReservedBytes));
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}

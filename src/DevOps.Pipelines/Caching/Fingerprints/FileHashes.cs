using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>Hashes what files are: their contents each time, never their times or sizes.</summary>
/// <remarks>A size that was seen only chooses how a file is read: one that has another by now is read to its end. Memory: 32 bytes for each file, and a buffer of 64 KiB for each that is read at once.</remarks>
internal static class FileHashes
{
    private const int BufferBytes = 1 << 16;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int BatchFiles = 32;
    private const int OwnerExecute = 0x40;

    /// <summary>Hashes chosen files. Directories do not count: what is in them does.</summary>
    internal static async Task<FingerprintInput> HashAsync(string name, FileSelection selection, FingerprintOptions options, CancellationToken cancellationToken)
    {
        SelectedFile[] files = [.. selection.Files.Where(file => file.Kind != FileKind.Directory)];
        byte[] hashes = new byte[files.Length * HashBytes];
        int next = 0;
        int workers = Math.Clamp((files.Length + BatchFiles - 1) / BatchFiles, 1, options.MaxConcurrency);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(Work, CancellationToken.None))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Sum(name, files, hashes, options.MaxRecordedFiles);

        void Work()
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                for (int start = Take(); start < files.Length && !stop.IsCancellationRequested; start = Take())
                {
                    for (int i = start; i < Math.Min(start + BatchFiles, files.Length); i++)
                    {
                        Hash(selection.Root, files[i], hashes.AsSpan(i * HashBytes, HashBytes), buffer);
                    }
                }
            }
            catch
            {
                stop.Cancel();
                throw;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        int Take() => Interlocked.Add(ref next, BatchFiles) - BatchFiles;
    }

    private static FingerprintInput Sum(string name, SelectedFile[] files, byte[] hashes, int maxRecorded)
    {
        bool isRecorded = files.Length <= maxRecorded;
        ImmutableArray<FingerprintFile>.Builder recorded = ImmutableArray.CreateBuilder<FingerprintFile>(isRecorded ? files.Length : 0);
        using InputHash hash = new("files");
        Span<byte> whole = stackalloc byte[HashBytes + 1];
        for (int i = 0; i < files.Length; i++)
        {
            // A program that cannot be run any more is another one.
            whole[0] = (byte)((files[i].Kind == FileKind.SymbolicLink ? 2 : 0) | ((files[i].Mode & OwnerExecute) != 0 && files[i].Kind == FileKind.File ? 1 : 0));
            hashes.AsSpan(i * HashBytes, HashBytes).CopyTo(whole[1..]);
            hash.Add(files[i].Path);
            hash.Add(whole);
            if (isRecorded)
            {
                recorded.Add(new(files[i].Path, BinaryPrimitives.ReadUInt128BigEndian(whole[1..]) ^ whole[0]));
            }
        }

        return new(FingerprintInputKind.Files, name, hash.ToDigest(), recorded.ToImmutable());
    }

    private static void Hash(string root, in SelectedFile file, Span<byte> hash, byte[] buffer)
    {
        if (file.Link is not { } link)
        {
            HashFile(Path.Join(root, file.Path), file.LengthBytes, hash, buffer);
            return;
        }

        // Who reads the link reads what it leads to.
        string end = Path.Join(root, link.Path);
        if (Directory.Exists(end))
        {
            throw new FileSelectionException(file.Path, $"it is a symbolic link to the directory '{link.Path}', and what is in there would not count", "Name the files of that directory too, and leave the link out by a pattern.");
        }

        using InputHash whole = new("link");
        whole.Add(link.Target);
        if (File.Exists(end) && FileLook.At(end) is { Kind: FileKind.File } look)
        {
            HashFile(end, look.LengthBytes, hash, buffer);
            whole.Add(hash);
        }

        Convert.FromHexString(whole.ToDigest().Hex, hash, out _, out _);
    }

    private static void HashFile(string path, long length, Span<byte> hash, byte[] buffer)
    {
        // What states no length can have content nevertheless, as the files that the kernel makes up.
        if (OperatingSystem.IsLinux() && length > 0 && length < buffer.Length && SmallFile.TryRead(path, length, buffer))
        {
            SHA256.HashData(buffer.AsSpan(0, (int)length), hash);
            return;
        }

        // Opening a pipe could last without end.
        if (FileLook.At(path).Kind != FileKind.File)
        {
            throw new IOException($"'{path}' was a file when it was listed, and is none any more. Something changes files meanwhile; let it finish first.");
        }

        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int held = 0;
        int read = 1;
        while (held < buffer.Length && (read = RandomAccess.Read(handle, buffer.AsSpan(held), held)) > 0)
        {
            held += read;
        }

        if (read == 0)
        {
            SHA256.HashData(buffer.AsSpan(0, held), hash);
            return;
        }

        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        whole.AppendData(buffer, 0, held);
        for (long offset = held; (read = RandomAccess.Read(handle, buffer, offset)) > 0; offset += read)
        {
            whole.AppendData(buffer, 0, read);
        }

        whole.GetHashAndReset(hash);
    }
}
